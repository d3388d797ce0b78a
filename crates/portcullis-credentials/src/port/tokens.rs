use crate::{Account, Digest};
use portcullis_id::{Epoch, Timestamp, TokenId, UserId};
use portcullis_ledger::StoreError;
use serde::{Deserialize, Serialize};

/// One-time tokens, by the digest of their secret. At most one for a user and purpose.
pub trait Tokens {
    /// Keeps a token in place of the one with the same user and purpose, if there is one. False, and
    /// nothing done, when its user has no account:
    ///
    /// ```sql
    /// INSERT INTO token (user_id, purpose, id, digest, epoch, created_at, expires_at)
    /// SELECT user_id, :purpose, :id, .. FROM account WHERE user_id = :user
    /// ON CONFLICT (user_id, purpose) DO UPDATE SET <every other column>
    /// ```
    fn put_token(&mut self, token: &Token) -> Result<bool, StoreError>;

    /// The token with this digest and purpose, live or not, and the account of its user (a join).
    /// It stays as it is.
    fn token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<(Token, Account)>, StoreError>;

    /// Takes the token with this digest and purpose away, live or not, and answers it
    /// (`DELETE .. RETURNING`). Of any number of callers one gets it (bug 26).
    fn consume_token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<Token>, StoreError>;

    /// Drops every token with `expires_at <= now`; how many.
    fn drop_tokens(&mut self, now: Timestamp) -> Result<u64, StoreError>;
}

/// A one-time token, as storage keeps it. The secret is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its own id.
    pub id: TokenId,
    /// Whose account it opens.
    pub user: UserId,
    /// What it may be used for; for nothing else.
    pub purpose: Purpose,
    /// The digest of the secret. Unique.
    pub digest: Digest,
    /// The epoch it was made in; dead when the account has left it.
    pub epoch: Epoch,
    /// When it was made.
    pub created_at: Timestamp,
    /// The tick from which it is dead.
    pub expires_at: Timestamp,
}

/// What a one-time token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Purpose {
    /// To set the first password, or a new one, from a link that an administrator sent.
    Invitation,
    /// To set a new password from a link that its user asked for.
    Reset,
    /// To set the new password that is due, after the old one was right.
    ChangePassword,
    /// To give a code of the second factor, after the password was right.
    SecondFactor,
    /// To set up a second factor that is enforced, after the password was right.
    EnrolFactor,
}

impl Purpose {
    /// The stable name that storage keeps.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::ChangePassword => "change-password",
            Self::SecondFactor => "second-factor",
            Self::EnrolFactor => "enrol-factor",
        }
    }

    /// The purpose of that name. A name of a later version is none of ours, and opens nothing.
    pub fn named(name: &str) -> Option<Self> {
        [
            Self::Invitation,
            Self::Reset,
            Self::ChangePassword,
            Self::SecondFactor,
            Self::EnrolFactor,
        ]
        .into_iter()
        .find(|purpose| purpose.name() == name)
    }
}
