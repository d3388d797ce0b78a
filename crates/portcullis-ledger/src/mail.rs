use portcullis_id::{ContainerId, ItemId, MailId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A mail that waits in the outbox, in the same transaction as what it tells of.
///
/// It holds ids, not text: the text is made for one recipient when it is sent, from what that
/// recipient may see at that moment (L14), so un-sharing empties what was still waiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Its own id.
    pub id: MailId,
    /// When it was posted.
    pub at: Timestamp,
    /// To whom.
    pub to: Recipient,
    /// What it tells of, as a stable dotted name: `invitation`, `membership.added`.
    pub event: String,
    /// The item it is about, if one.
    pub item: Option<ItemId>,
    /// The container it is about, if one.
    pub container: Option<ContainerId>,
    /// The secret it carries, sealed, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<SealedText>,
}

/// A secret in a mail, as the outbox holds it: sealed under a key that is not in the database, until
/// the mail is [taken](crate::Ledger::take_mail) to be sent (choice 15). What it says only whoever
/// sealed it can tell; here it is a text to be stored and given back.
///
/// ```
/// use portcullis_ledger::SealedText;
/// let sealed = SealedText::from_stored("x1$2026-11$AAECAwQFBgcICQ");
/// assert_eq!(format!("{sealed:?}"), "SealedText(..)");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedText(String);

impl SealedText {
    /// A text that was sealed, or that storage gave back.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for storage and for whoever has the key.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SealedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedText(..)")
    }
}

/// Who a mail goes to. Always somebody we know: never an address a visitor typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Recipient {
    /// A user, at the address stored for them when the mail is sent.
    User(UserId),
    /// A user, at the address that was stored for them until another took its place: whoever took
    /// their account over does not read what is told there (ASVS 6.3.7). It carries no secret.
    FormerAddress {
        /// Who.
        user: UserId,
        /// The address before.
        address: String,
    },
}
