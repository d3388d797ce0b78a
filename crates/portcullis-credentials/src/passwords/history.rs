//! Passwords that are not to be used again.

use crate::hashes::Run;
use crate::{
    Account, CredentialError, CredentialTx, Credentials, FormerPassword, KdfError, PasswordFlaw,
    PasswordHash, Retry,
};
use chrono::TimeDelta;
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::StoreError;
use secrecy::SecretString;

/// What becomes of the present password where a new one is set by its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Present {
    /// The new one is another, whatever the policy: a change that keeps it is none (S52).
    Left,
    /// It is not asked for: it may be forgotten.
    Forgotten,
}

/// The hash of a new password, which is none of those that it could be compared with.
pub(crate) struct NewHash {
    pub(crate) hash: PasswordHash,
    /// How many it could not be compared with: their key is not in the ring, or they were changed.
    pub(crate) unopened: u64,
}

impl Credentials {
    /// The passwords before the present one that a new one is compared with, newest first. Asked for
    /// behind everything that could refuse the caller: what is compared is nobody else's to learn of.
    pub(crate) fn former(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
    ) -> Result<Vec<FormerPassword>, StoreError> {
        match self.policy.formers() {
            0 => Ok(Vec::new()),
            formers => tx.former_passwords(user, formers),
        }
    }

    /// The hash of a new password, as it is to be stored, if it is none that was used before. One
    /// turn for all the runs: whoever compares ten holds one place, and waits for no second.
    pub(crate) fn hash_new(
        &self,
        account: &Account,
        present: Present,
        former: &[FormerPassword],
        new: &SecretString,
    ) -> Result<Result<NewHash, Retry>, CredentialError> {
        let Some(run) = self.hasher.run() else {
            return Ok(Err(Retry::Overloaded));
        };
        let mut comparable = Vec::new();
        if let Some(old) = &account.password {
            if present == Present::Left {
                if run.verify(new, &self.open_hash(account.user, old)?)? {
                    return Ok(Err(Retry::Flaw(PasswordFlaw::Same)));
                }
            } else if self.policy.settings().password_history > 0 {
                comparable.push(old);
            }
        }
        comparable.extend(former.iter().map(|one| &one.password));
        let mut unopened = 0;
        for old in comparable {
            // What does not open keeps nobody from a new password: it is the way on.
            let Ok(old) = self.open_hash(account.user, old) else {
                unopened += 1;
                continue;
            };
            if is_of(&run, &old, new)? {
                return Ok(Err(Retry::Flaw(PasswordFlaw::UsedBefore)));
            }
        }
        let hash = self.seal_hash(account.user, &run.hash(new, &*self.entropy)?)?;
        Ok(Ok(NewHash { hash, unopened }))
    }

    /// Sets a new password, whoever gives it, and keeps the one before as long as the history asks
    /// for. False when the account has moved on.
    pub(crate) fn put_password(
        &self,
        tx: &mut dyn CredentialTx,
        account: &Account,
        new: &PasswordHash,
        change_due: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let user = account.user;
        if !tx.set_password(user, account.epoch, new, change_due)? {
            return Ok(false);
        }
        let formers = self.policy.formers();
        if let Some(old) = account.password.as_ref().filter(|_| formers > 0) {
            // The newest is the one replaced last, where a clock was set back too.
            let newest = tx.former_passwords(user, 1)?;
            let behind = newest
                .first()
                .map(|one| one.replaced_at.after(TimeDelta::milliseconds(1)));
            tx.add_former_password(&FormerPassword {
                user,
                password: old.clone(),
                replaced_at: behind.map_or(now, |behind| behind.max(now)),
            })?;
        }
        tx.drop_former_passwords(user, formers)?;
        Ok(true)
    }
}

/// A hash that cannot be used lets nobody in, and keeps nobody from a new password.
fn is_of(run: &Run<'_>, old: &PasswordHash, new: &SecretString) -> Result<bool, CredentialError> {
    match run.verify(new, old) {
        Err(KdfError::Unusable(_)) => Ok(false),
        compared => Ok(compared?),
    }
}
