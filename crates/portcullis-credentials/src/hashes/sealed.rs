use crate::{
    AccountEvent, CredentialError, CredentialTx, Credentials, FormerPassword, KeyRingError,
    PasswordHash, Sealed,
};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::{Actor, Store, StoreExt};

/// What sealed hashes are bound to, beside their user.
const SEALED_FOR: &str = "password";
/// How many rows one commit of a re-keying reads.
const PAGE: u32 = 100;

/// Password hashes that lie sealed under the key ring, where the policy has
/// [`seal_hashes`](crate::CredentialSettings::seal_hashes): a copy of the database alone is worth no
/// guess (NIST SP 800-63B-4, 3.1.1.2). A hash that was kept before is taken as it is, and sealed at
/// the next sign-in.
impl Credentials {
    /// `hash` as it is to be stored for `user`: sealed, where the policy has it so.
    ///
    /// # Errors
    /// [`CredentialError::KeyRing`] where it must be sealed and there is no ring.
    pub fn seal_hash(
        &self,
        user: UserId,
        hash: &PasswordHash,
    ) -> Result<PasswordHash, CredentialError> {
        if !self.policy.settings().seal_hashes {
            return Ok(hash.clone());
        }
        let plain = hash.expose().as_bytes();
        let sealed = self
            .key_ring()?
            .seal(SEALED_FOR, user, plain, &*self.entropy)?;
        Ok(PasswordHash::from_phc(sealed.text()))
    }

    /// The hash behind what is stored for `user`, for an export. One that lies open is answered as
    /// it is.
    ///
    /// # Errors
    /// [`KeyRingError`] names the key that is missing, or says that the row is another user's or was
    /// changed.
    pub fn open_hash(
        &self,
        user: UserId,
        stored: &PasswordHash,
    ) -> Result<PasswordHash, KeyRingError> {
        let Some(sealed) = sealed(stored) else {
            return Ok(stored.clone());
        };
        let plain = self.key_ring()?.open(SEALED_FOR, user, &sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| KeyRingError::Broken)?;
        Ok(PasswordHash::from_phc(text))
    }

    /// Whether `stored` does not lie as it would be stored now. Runs nothing.
    pub(crate) fn seal_is_due(&self, stored: &PasswordHash) -> bool {
        let (seal, ring) = (self.policy.settings().seal_hashes, self.key_ring.as_deref());
        match (sealed(stored), ring) {
            (Some(sealed), Some(ring)) => !seal || ring.is_old(&sealed),
            (Some(_), None) => false,
            (None, ring) => seal && ring.is_some(),
        }
    }

    /// Seals every hash, those of former passwords too, under the key that seals now, or opens them all where the policy seals none
    /// any more; how many. A hundred a commit, so that others get their turn; stopped half-way it
    /// is begun anew. The old key may leave the ring when this has answered zero.
    ///
    /// # Errors
    /// [`CredentialError::KeyRing`] names a key that is missing.
    pub fn reseal_hashes<S>(
        &self,
        store: &S,
        by: &Actor,
        now: Timestamp,
    ) -> Result<u64, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        if self.policy.settings().seal_hashes {
            self.key_ring()?;
        }
        let (mut resealed, mut after) = (0_u64, None);
        loop {
            let (last, done) = store.conditionally(|tx| self.reseal_page(tx, after, by, now))?;
            resealed = resealed.saturating_add(done);
            if last.is_none() {
                break;
            }
            after = last;
        }
        let mut after = None;
        loop {
            let (last, done) =
                store.conditionally(|tx| self.reseal_former(tx, after.as_ref(), by, now))?;
            resealed = resealed.saturating_add(done);
            if last.is_none() {
                return Ok(resealed);
            }
            after = last;
        }
    }

    fn reseal_page(
        &self,
        tx: &mut dyn CredentialTx,
        after: Option<UserId>,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(Option<UserId>, u64), CredentialError> {
        let page = tx.hashes_after(after, PAGE)?;
        let (last, mut done) = (page.last().map(|(user, _)| *user), 0);
        for (user, stored) in page {
            if self.seal_is_due(&stored) {
                let new = self.seal_hash(user, &self.open_hash(user, &stored)?)?;
                done += u64::from(tx.replace_hash(user, &stored, &new)?);
            }
        }
        self.resealed(tx, done, "hashes", by, now)?;
        Ok((last, done))
    }

    /// A row that was sealed anew may come again in a later page; it is as it is to be then.
    fn reseal_former(
        &self,
        tx: &mut dyn CredentialTx,
        after: Option<&FormerPassword>,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(Option<FormerPassword>, u64), CredentialError> {
        let page = tx.former_passwords_after(after, PAGE)?;
        let mut done = 0;
        for former in page.iter().filter(|one| self.seal_is_due(&one.password)) {
            let opened = self.open_hash(former.user, &former.password)?;
            let new = self.seal_hash(former.user, &opened)?;
            done += u64::from(tx.replace_former_hash(former, &new)?);
        }
        self.resealed(tx, done, "former hashes", by, now)?;
        Ok((page.into_iter().last(), done))
    }

    fn resealed(
        &self,
        tx: &mut dyn CredentialTx,
        done: u64,
        what: &str,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        if done > 0 {
            let detail = format!("{done} {what}");
            self.trail(by, now)
                .record(tx, AccountEvent::HashesResealed, None, detail)?;
        }
        Ok(())
    }
}

/// No format of a hash begins like a sealed text.
fn sealed(stored: &PasswordHash) -> Option<Sealed> {
    Sealed::recognised(stored.expose())
}
