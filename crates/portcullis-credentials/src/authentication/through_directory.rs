use super::directory::could_lock;
use super::verdict::no_sign_in;
use crate::limits::Visit;
use crate::{
    Account, AccountEvent, Cause, CredentialError, CredentialTx, Credentials, Directory,
    DirectoryAnswer, DirectoryError, DirectoryFault, DirectoryPassword, PolicyError, Refusal,
};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::Actor;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

impl Credentials {
    /// The same, with a directory through which some users sign in (S30).
    ///
    /// # Errors
    /// [`PolicyError`] for a policy under which wrong passwords typed here could lock an account
    /// in the directory: ours must lock first, and for as long as the directory remembers (bug 13).
    pub fn with_directory(mut self, directory: Arc<dyn Directory>) -> Result<Self, PolicyError> {
        if let Some(lock) = directory.lock() {
            could_lock(&self.policy, lock)?;
        }
        self.directory = Some(directory);
        Ok(self)
    }

    /// Ticks for `user` that they sign in through the directory, or clears it (S30); whether that
    /// changed anything.
    ///
    /// Either way the password kept here is gone, with those before it and all sessions, steps and invitations: whoever
    /// is cleared is [invited](Self::invite) anew. Whoever is ticked has no password here, none to
    /// change or reset, and none that our rules apply to (S31).
    ///
    /// # Errors
    /// [`CredentialError::NoDirectory`] where there is none to sign in through, and
    /// [`CredentialError::NoAccount`].
    pub fn set_directory(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        directory: bool,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        if directory {
            self.directory()?;
        }
        let changed = tx.set_directory(user, directory)?;
        if changed {
            tx.drop_former_passwords(user, 0)?;
        }
        let event = if directory {
            AccountEvent::InDirectory
        } else {
            AccountEvent::NotInDirectory
        };
        self.told(tx, changed, event, user, by, now)
    }

    pub(crate) fn directory(&self) -> Result<&dyn Directory, CredentialError> {
        self.directory
            .as_deref()
            .ok_or(CredentialError::NoDirectory)
    }

    /// What speaks against signing `account` in: nothing, when the directory has taken the
    /// password. It is not asked for whoever could not sign in anyway, nor with what a server may
    /// take for no password (bugs 6 and 36).
    pub(crate) fn ask_directory(
        &self,
        account: &Account,
        password: &SecretString,
        now: Timestamp,
    ) -> Result<Option<Cause>, DirectoryError> {
        if let Some(cause) = no_sign_in(account, now) {
            return Ok(Some(cause));
        }
        let Some(typed) = DirectoryPassword::new(password) else {
            let too_long = password.expose_secret().len() > DirectoryPassword::MAX_BYTES;
            return Ok(Some(if too_long {
                Cause::PasswordTooLong
            } else {
                Cause::NoPasswordTyped
            }));
        };
        let directory = self.directory.as_deref();
        let directory = directory.ok_or(DirectoryError::new(DirectoryFault::Missing))?;
        Ok(match directory.verify(&account.name, &typed)? {
            DirectoryAnswer::Accepted => None,
            DirectoryAnswer::Refused(refusal) => Some(Cause::Directory(refusal)),
        })
    }

    /// A "try later" to an attempt that nobody could judge: it is taken back.
    pub(crate) fn unanswered(
        &self,
        tx: &mut dyn CredentialTx,
        account: &Account,
        error: &DirectoryError,
        visit: Visit<'_>,
    ) -> Result<Refusal, CredentialError> {
        let user = Some(account.user);
        self.take_back(tx, account, visit)?;
        self.trail(&Actor::Visitor, visit.now).record(
            tx,
            AccountEvent::DirectoryFault,
            user,
            error.line(),
        )?;
        self.refuse(tx, Cause::NoAnswer(error.fault()), user, visit)
    }
}
