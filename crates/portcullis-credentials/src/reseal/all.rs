use super::Resealed;
use crate::{CredentialError, CredentialTx, Credentials};
use portcullis_id::Timestamp;
use portcullis_ledger::{Actor, Store, StoreExt};

/// How often everything is looked at, at most: twice where nobody seals under an old key any more.
const LOOKS: usize = 4;

impl Credentials {
    /// Seals everything that lies sealed under the key that seals now: password hashes and those of
    /// former passwords, the secrets of authenticator apps, passwords in mails that wait. Hashes are
    /// sealed that were not, where the policy seals them now, and opened where it does so no more.
    ///
    /// To change keys, give every program a ring in which the new key seals and the old one opens; run
    /// this; take the old key out when the answer says so. Everybody goes on working meanwhile: it is a
    /// hundred rows a commit, each in its turn among the writers. Stopped half-way, it is begun anew.
    ///
    /// ```
    /// use portcullis_credentials::*;
    /// use portcullis_id::Timestamp;
    /// use portcullis_ledger::{Actor, Store};
    ///
    /// fn change_keys<S>(credentials: &Credentials, store: &S, now: Timestamp) -> Result<bool, CredentialError>
    /// where
    ///     S: Store,
    ///     S::Tx: CredentialTx,
    /// {
    ///     let by = Actor::Operator("change of keys".to_owned());
    ///     let outcome = credentials.reseal(store, &by, now)?;
    ///     for one in outcome.unopened() {
    ///         eprintln!("{:?}: {}", one.place, one.why);
    ///     }
    ///     Ok(outcome.old_keys_may_leave())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`CredentialError::KeyRing`] where there is no ring; storage. What does not open is in the
    /// outcome, and stops nothing.
    pub fn reseal<S>(
        &self,
        store: &S,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Resealed, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        self.key_ring()?;
        let mut before = 0;
        for _ in 1..LOOKS {
            let seen = self.reseal_once(store, by, now)?;
            if seen.resealed() == 0 {
                return Ok(seen.after(before));
            }
            before = seen.resealed().saturating_add(before);
        }
        Ok(self.reseal_once(store, by, now)?.after(before))
    }

    fn reseal_once<S>(
        &self,
        store: &S,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Resealed, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let (mut seen, by) = (Resealed::nothing(), &self.trail(by, now));
        paged(store, |tx, after| {
            self.reseal_hashes(tx, after.copied(), by, &mut seen)
        })?;
        paged(store, |tx, after| {
            self.reseal_former(tx, after, by, &mut seen)
        })?;
        paged(store, |tx, after| {
            self.reseal_factors(tx, after.copied(), by, &mut seen)
        })?;
        paged(store, |tx, after| {
            self.reseal_mails(tx, after.copied(), by, &mut seen)
        })?;
        Ok(seen)
    }
}

/// Runs `page` behind where it ended, until there is none. A hash goes into the history, and a mail
/// back into the outbox, as it was read in its own unit of work: in a turn of its own, none is read
/// before it is sealed anew and written behind it.
fn paged<S, K>(
    store: &S,
    mut page: impl FnMut(&mut dyn CredentialTx, Option<&K>) -> Result<Option<K>, CredentialError>,
) -> Result<(), CredentialError>
where
    S: Store + ?Sized,
    S::Tx: CredentialTx,
{
    let mut after = None;
    loop {
        after = store.write(|tx| page(tx, after.as_ref()))?;
        if after.is_none() {
            return Ok(());
        }
    }
}
