use super::invitation::invitable;
use crate::{
    AccountEvent, CredentialError, CredentialTx, Credentials, HashedPassword, Invitation, KeyRing,
    KeyRingError, Link, PasswordSetBy, Retry, Sealed, passwords,
};
use portcullis_id::{ContainerId, MailId, Timestamp, UserId};
use portcullis_ledger::{Actor, Mail, Recipient, Scope, SealedText};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

/// What the mail of an invitation is to carry.
#[derive(Debug)]
#[non_exhaustive]
pub enum Enclosure {
    /// A link to set a password. It is made when the mail is sent: nothing secret waits.
    Link,
    /// This password, which is set by the same call and waits sealed (D55, choice 15). Nothing but a
    /// password that is being set can be put into a mail:
    ///
    /// ```compile_fail,E0308
    /// # use portcullis_credentials::{Enclosure, SecretString};
    /// let letter = Enclosure::Password(SecretString::from("the one they have had for years"));
    /// ```
    Password(HashedPassword),
}

/// What a mail carried, opened for whoever sends it.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "it is nowhere else any more: write it into the mail"]
pub enum Enclosed {
    /// Nothing: the mail tells of something.
    Nothing,
    /// The password to sign in with.
    Password(SecretString),
    /// The link to set one by.
    Invitation(Invitation),
    /// The link to a new one, of who has asked for it.
    Reset(Link),
}

impl Credentials {
    /// What an invitation by mail carries under this policy, where nobody has chosen a password for
    /// its user: one that is [made up](Self::generate_password) where passwords are, or a link. Asked
    /// before the unit of work, since a hash takes its time.
    ///
    /// # Errors
    /// As [`generate_password`](Self::generate_password).
    pub fn enclosure(&self) -> Result<Result<Enclosure, Retry>, CredentialError> {
        Ok(match self.policy.settings().password_set_by {
            PasswordSetBy::Generated | PasswordSetBy::GeneratedThenChange => {
                self.generate_password()?.map(Enclosure::Password)
            }
            _ => Ok(Enclosure::Link),
        })
    }

    /// Invites `user` by mail: with a link, or with the password that this call sets. Whatever was
    /// waiting for them before still goes out; what the newest one says counts. A mail about a
    /// membership that comes with the account names the `container`: one mail says both (choice 22).
    ///
    /// A password that is given to who has one already must be changed at the next sign-in, whatever
    /// the policy says of first ones (choice 15); all their sessions end.
    ///
    /// # Errors
    /// As [`invite`](Self::invite) and [`assign_password`](Self::assign_password);
    /// [`CredentialError::NotThisWay`] for a password where invitations carry a link, and
    /// [`KeyRingError::Missing`] where there is nothing to seal it under.
    pub fn mail_invitation(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        enclosure: Enclosure,
        container: Option<ContainerId>,
        by: &Actor,
        now: Timestamp,
    ) -> Result<MailId, CredentialError> {
        let account = invitable(tx, user, now)?;
        let id = MailId::new(now, &*self.entropy)?;
        let trail = self.trail(by, now);
        let (sealed, how) = match enclosure {
            Enclosure::Link => (None, "by mail, with a link"),
            Enclosure::Password(new) => {
                if !self.policy.mails_passwords() {
                    return Err(CredentialError::NotThisWay(
                        "invitations carry a link and no password",
                    ));
                }
                let first = account.password.is_none();
                let change_due = self.change_after(&new)? || !first;
                let guard = Self::guard(tx, user)?;
                passwords::check(&self.policy, &new.password, Some(&account.name), guard)?;
                let plain = new.password.expose_secret().as_bytes();
                let sealed = self.mail_ring()?;
                let sealed = sealed.seal(&sealed_for(id), user, plain, &*self.entropy)?;
                let hash = self.seal_hash(user, &new.hash)?;
                if !self.put_password(tx, &account, &hash, change_due, now)? {
                    return Err(CredentialError::Superseded);
                }
                if !first {
                    trail.record(
                        tx,
                        AccountEvent::PasswordAssigned,
                        Some(user),
                        String::new(),
                    )?;
                }
                tx.bump(Scope::Policy)?;
                (Some(sealed), "by mail, with a password")
            }
        };
        trail.record(tx, AccountEvent::Invited, Some(user), how.to_owned())?;
        tx.post(&Mail {
            id,
            at: now,
            to: Recipient::User(user),
            event: AccountEvent::Invited.name().to_owned(),
            item: None,
            container,
            sealed: sealed.map(|sealed| SealedText::from_stored(sealed.text())),
        })?;
        Ok(id)
    }

    /// Opens what `mail` carries, for whoever has [taken](portcullis_ledger::Ledger::take_mail) it to
    /// send it, in the same unit of work: what is opened is stored nowhere any more. `None` for a mail
    /// that is not to be sent, because its user has no account now, or none that it could open (D33).
    ///
    /// The link of an invitation is made here, so it is good from the sending on, and no copy of a
    /// database holds one.
    ///
    /// # Errors
    /// [`CredentialError::KeyRing`] when the key it was sealed under is not in the ring, or what was
    /// sealed has been changed or is another mail's.
    pub fn open_mail(
        &self,
        tx: &mut dyn CredentialTx,
        mail: &Mail,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Option<Enclosed>, CredentialError> {
        let Recipient::User(user) = mail.to else {
            return Ok(Some(Enclosed::Nothing));
        };
        if mail.event == AccountEvent::ResetRequested.name() {
            return Ok(self.reset_link(tx, mail, now)?.map(Enclosed::Reset));
        }
        let invites = mail.event == AccountEvent::Invited.name();
        if !invites && mail.sealed.is_none() {
            return Ok(Some(Enclosed::Nothing));
        }
        match invitable(tx, user, now) {
            Ok(_) => {}
            Err(
                CredentialError::NoAccount(_)
                | CredentialError::InDirectory(_)
                | CredentialError::NotInUse(_),
            ) => return Ok(None),
            Err(error) => return Err(error),
        }
        let Some(sealed) = &mail.sealed else {
            let link = self.invite(tx, user, by, now)?;
            return Ok(Some(Enclosed::Invitation(link)));
        };
        let sealed = Sealed::from_stored(sealed.text());
        let plain = self
            .mail_ring()?
            .open(&sealed_for(mail.id), user, &sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| KeyRingError::Broken)?;
        Ok(Some(Enclosed::Password(SecretString::from(text))))
    }

    fn mail_ring(&self) -> Result<&Arc<KeyRing>, KeyRingError> {
        self.key_ring.as_ref().ok_or(KeyRingError::Missing)
    }
}

/// Bound to its mail: what was sealed for one does not open in another, not of the same user either.
pub(crate) fn sealed_for(mail: MailId) -> String {
    format!("mail {mail}")
}
