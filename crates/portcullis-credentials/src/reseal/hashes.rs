use super::{PAGE, Resealed, SealedIn};
use crate::accounts::Trail;
use crate::{AccountEvent, CredentialError, CredentialTx, Credentials, FormerPassword};
use portcullis_id::UserId;

impl Credentials {
    pub(super) fn reseal_hashes(
        &self,
        tx: &mut dyn CredentialTx,
        after: Option<UserId>,
        trail: &Trail<'_>,
        seen: &mut Resealed,
    ) -> Result<Option<UserId>, CredentialError> {
        let page = tx.hashes_after(after, PAGE)?;
        let (last, mut done) = (page.last().map(|(user, _)| *user), 0);
        for (user, stored) in page {
            if !self.seal_is_due(&stored) {
                continue;
            }
            match self.open_hash(user, &stored) {
                Ok(opened) => {
                    let new = self.seal_hash(user, &opened)?;
                    done += u64::from(tx.replace_hash(user, &stored, &new)?);
                }
                Err(why) => seen.does_not_open(SealedIn::Password(user), why),
            }
        }
        trail.resealed(tx, AccountEvent::HashesResealed, done, "hashes", seen)?;
        Ok(last)
    }

    /// A row that was sealed anew may come again in a later page; it is as it is to be then.
    pub(super) fn reseal_former(
        &self,
        tx: &mut dyn CredentialTx,
        after: Option<&FormerPassword>,
        trail: &Trail<'_>,
        seen: &mut Resealed,
    ) -> Result<Option<FormerPassword>, CredentialError> {
        let page = tx.former_passwords_after(after, PAGE)?;
        let (event, mut done) = (AccountEvent::HashesResealed, 0);
        for former in page.iter().filter(|one| self.seal_is_due(&one.password)) {
            match self.open_hash(former.user, &former.password) {
                Ok(opened) => {
                    let new = self.seal_hash(former.user, &opened)?;
                    done += u64::from(tx.replace_former_hash(former, &new)?);
                }
                Err(why) => seen.does_not_open(SealedIn::FormerPassword(former.user), why),
            }
        }
        trail.resealed(tx, event, done, "former hashes", seen)?;
        Ok(page.into_iter().last())
    }
}

impl Trail<'_> {
    /// One page, if anything of it was done.
    pub(super) fn resealed(
        &self,
        tx: &mut dyn CredentialTx,
        event: AccountEvent,
        done: u64,
        what: &str,
        seen: &mut Resealed,
    ) -> Result<(), CredentialError> {
        seen.done(done);
        if done > 0 {
            self.record(tx, event, None, format!("{done} {what}"))?;
        }
        Ok(())
    }
}
