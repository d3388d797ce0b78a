use crate::limits::{RESETS, Visit};
use crate::{
    Account, AccountEvent, CredentialError, CredentialTx, Credentials, Link, LoginName,
    NewPassword, Purpose, Rate, Refusal, Source, TokenSecret,
};
use portcullis_id::{State, Timestamp, UserId};
use portcullis_ledger::{Actor, Mail, Recipient, Store, StoreExt};
use secrecy::SecretString;

/// For who forgot their password: a link by mail, of which they set a new one.
impl Credentials {
    /// Asks for a link to a new password, for whoever has the user name that was typed. An address
    /// is none (bug 23): the mail goes to the stored one, and to no other (bug 22).
    ///
    /// The answer is the same whether anybody has that name, is locked, suspended or kept in the
    /// directory, has asked too often or gets no mails (bug 21): show "if there is such an account,
    /// a mail is on its way". The refusal, told to the visitor, is of a source that asks too often,
    /// whatever it asks for. Nothing about the account changes until the link is used.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails;
    /// [`CredentialError::NoBaseAddress`] where the policy has none to make the link on.
    pub fn request_reset<S>(
        &self,
        store: &S,
        name: &str,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<(), Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        self.base_address()?;
        let name = LoginName::parse(name);
        store.conditionally(|tx| {
            let tx: &mut dyn CredentialTx = tx;
            if let Err(refusal) = self.admit(tx, visit)? {
                return Ok(Err(refusal));
            }
            let account = match &name {
                Ok(name) => tx.account_named(name.key())?,
                Err(_) => None,
            };
            let user = account.as_ref().map(|account| account.user);
            let trail = self.trail(&Actor::Visitor, now);
            let how = match account {
                None => "nobody has that name",
                Some(account) if !self.resettable(&account, now) => "not for this account now",
                Some(account) => {
                    let one = RESETS.spend(Rate::Reset(account.user), now);
                    if tx.spend(&one)?.is_some() {
                        trail.post(tx, AccountEvent::ResetRequested, account.user)?;
                        "by mail"
                    } else {
                        "too often"
                    }
                }
            };
            let detail = format!("{how}, from {source}");
            trail.record(tx, AccountEvent::ResetRequested, user, detail)?;
            Ok(Ok(()))
        })
    }

    /// Makes the link that `mail` is about, for whoever sends it, at the moment of sending: the
    /// secret is in no outbox and no backup. A link made before is dead from now on, so a mail may
    /// be sent again.
    ///
    /// `None`, and the mail is to be dropped, when it is about something else, when it has waited
    /// for longer than the link lives, or when the account could use none: it is gone, suspended,
    /// disabled, expired, kept in the directory, without a password to forget, or locked for longer
    /// than the link lives.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails;
    /// [`CredentialError::NoBaseAddress`] where the policy has none.
    pub fn reset_link(
        &self,
        tx: &mut dyn CredentialTx,
        mail: &Mail,
        now: Timestamp,
    ) -> Result<Option<Link>, CredentialError> {
        let Recipient::User(user) = mail.to else {
            return Ok(None);
        };
        let asked = mail.event == AccountEvent::ResetRequested.name();
        if !asked || now >= mail.at.after(self.policy.reset()) {
            return Ok(None);
        }
        let account = tx.account(user)?;
        let Some(account) = account.filter(|account| self.resettable(account, now)) else {
            return Ok(None);
        };
        let token = self.token(&account, Purpose::Reset, now)?;
        let link = self.link(Purpose::Reset, &token.secret, token.row.expires_at)?;
        if !tx.put_token(&token.row)? {
            return Ok(None);
        }
        let detail = format!("until {}", token.row.expires_at);
        self.trail(&Actor::User(user), now).record(
            tx,
            AccountEvent::ResetLinkMade,
            Some(user),
            detail,
        )?;
        Ok(Some(link))
    }

    /// Sets the new password of who holds the link of a reset. It does not sign in, and skips
    /// nothing: that is the next thing they do, with their second factor and everything else a
    /// sign-in asks for (ASVS 6.4.3). Standing and lock are checked at the start and at the finish
    /// (bug 6): a lock stays, and lets nobody in by this door. All sessions end, every link made
    /// before is dead, and the user is told by mail.
    ///
    /// # Errors
    /// [`CredentialError`] when storage, randomness or the function fails.
    pub fn finish_reset<S>(
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
        self.follow_link(store, Purpose::Reset, secret, new, visit)
    }

    /// Whether a link that is made now could set a new password while it lives.
    fn resettable(&self, account: &Account, now: Timestamp) -> bool {
        let end = now.after(self.policy.reset());
        !account.directory
            && account.tries.locked(now).is_none_or(|until| until < end)
            && matches!(account.standing().at(now), State::Usable | State::ChangeDue)
    }
}
