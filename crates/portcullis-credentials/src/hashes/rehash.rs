use super::hasher::Run;
use crate::accounts::Trail;
use crate::authentication::Verdict;
use crate::{AccountEvent, CredentialError, CredentialTx, Credentials, PasswordHash};
use portcullis_id::{State, Timestamp, UserId};
use secrecy::SecretString;

/// An outdated hash, or one that lies otherwise than it is to, and the one of the same password that takes its place.
pub(crate) struct Rehash {
    old: PasswordHash,
    new: PasswordHash,
    event: AccountEvent,
}

impl Credentials {
    /// The new hash of who is about to be let in, if the one that was just matched is outdated.
    /// Who is refused after all, or sets a new password next, costs no second run: what a refused
    /// attempt takes says nothing of the hash (bug 20).
    pub(crate) fn rehash(
        &self,
        run: &Run<'_>,
        verdict: &Verdict,
        password: &SecretString,
        now: Timestamp,
    ) -> Result<Option<Rehash>, CredentialError> {
        let Verdict::Right(account) = verdict else {
            return Ok(None);
        };
        let usable = account.standing().at(now) == State::Usable;
        let Some(old) = account.password.clone().filter(|_| usable) else {
            return Ok(None);
        };
        let opened = self.open_hash(account.user, &old)?;
        let (anew, event) = match run.anew(password, &opened, &*self.entropy)? {
            Some(anew) => (anew, AccountEvent::PasswordRehashed),
            None if self.seal_is_due(&old) => (opened, AccountEvent::HashesResealed),
            None => return Ok(None),
        };
        let new = self.seal_hash(account.user, &anew)?;
        Ok(Some(Rehash { old, new, event }))
    }
}

impl Rehash {
    /// Puts the new hash in the place of the old one, unless somebody else has been there. No
    /// session ends, and no revision moves: the password is the same (bug 38).
    pub(crate) fn keep(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        trail: &Trail<'_>,
    ) -> Result<(), CredentialError> {
        if tx.replace_hash(user, &self.old, &self.new)? {
            trail.record(tx, self.event, Some(user), String::new())?;
        }
        Ok(())
    }
}
