use crate::accounts::in_hand;
use crate::limits::Visit;
use crate::{
    Account, AccountEvent, CredentialError, CredentialTx, Credentials, NewPassword, Purpose,
    Source, TokenSecret,
};
use portcullis_id::{State, Timestamp, UserId};
use portcullis_ledger::{Actor, Store};
use secrecy::SecretString;

/// A one-use link's secret and its end. Whoever makes the link mails it to the user's stored
/// address, on the base address of the configuration (bugs 22 to 24), and keeps it nowhere.
#[derive(Debug)]
#[must_use = "the secret is nowhere else: put it into the link"]
pub struct Invitation {
    /// The tail of the link.
    pub secret: TokenSecret,
    /// The tick from which it is dead.
    pub expires_at: Timestamp,
}

impl Credentials {
    /// Makes the one-use link by which `user` sets a password: the first, or a new one for who
    /// forgot it (choice 15). An earlier link of theirs is dead from now on; the present password
    /// works until the link is used.
    ///
    /// # Errors
    /// [`CredentialError::NoAccount`], and [`CredentialError::NotInUse`] for an account that the
    /// link could not open; [`CredentialError::InDirectory`] for who has no password here.
    pub fn invite(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Invitation, CredentialError> {
        let account = invitable(tx, user, now)?;
        let token = self.token(&account, Purpose::Invitation, now)?;
        if !tx.put_token(&token.row)? {
            return Err(CredentialError::NoAccount(user));
        }
        let detail = format!("until {}", token.row.expires_at);
        self.trail(by, now)
            .record(tx, AccountEvent::Invited, Some(user), detail)?;
        Ok(Invitation {
            secret: token.secret,
            expires_at: token.row.expires_at,
        })
    }

    /// Sets the password of the invited. It does not sign in: that is the next thing they do, with
    /// everything a sign-in asks for.
    ///
    /// # Errors
    /// [`CredentialError`] when storage, randomness or the function fails.
    pub fn accept_invitation<S>(
        &self,
        store: &S,
        secret: &TokenSecret,
        new: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<NewPassword<UserId>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        self.follow_link(store, Purpose::Invitation, secret, new, visit)
    }
}

/// The account of `user`, if an invitation could open it.
pub(crate) fn invitable(
    tx: &mut dyn CredentialTx,
    user: UserId,
    now: Timestamp,
) -> Result<Account, CredentialError> {
    let account = tx.account(user)?.ok_or(CredentialError::NoAccount(user))?;
    in_hand(Some(&account))?;
    match account.standing().at(now) {
        State::Usable | State::Invited | State::ChangeDue => Ok(account),
        _ => Err(CredentialError::NotInUse(user)),
    }
}
