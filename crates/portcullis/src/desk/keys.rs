use super::{Desk, Own};
use crate::{Error, PortalTx};
use portcullis_access::Gate;
use portcullis_credentials::Resealed;
use portcullis_ledger::Store;

impl<S> Desk<'_, Own<'_, S>>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// Seals everything that lies sealed under the key that seals now, for an operator who changes
    /// keys: hashes, those of former passwords, apps' secrets, passwords in mails that wait. Whether
    /// the old key may leave the ring is one question to what comes back. In commits of its own, while
    /// the portal is in use; see [`Credentials::reseal`](portcullis_credentials::Credentials::reseal).
    ///
    /// ```
    /// use portcullis::{Error, Portal, PortalTx, id::Timestamp, ledger::Store};
    ///
    /// /// For a portal that was given a ring in which the new key seals and the old one opens.
    /// fn change_keys<S>(portal: &Portal<S>, now: Timestamp) -> Result<bool, Error>
    /// where
    ///     S: Store,
    ///     S::Tx: PortalTx,
    /// {
    ///     let outcome = portal.operator("change of keys", now).reseal()?;
    ///     for one in outcome.unopened() {
    ///         eprintln!("{:?}: {}", one.place, one.why);
    ///     }
    ///     Ok(outcome.old_keys_may_leave())
    /// }
    /// ```
    ///
    /// # Errors
    /// Refused for anybody but an operator; invalid where the portal was
    /// [given](crate::PortalBuilder::key_ring) no key ring.
    pub fn reseal(&self) -> Result<Resealed, Error> {
        self.act("keys.reseal", |_, _| match self.principal.user() {
            None => Ok(()),
            Some(_) => Err(Error::refused(Gate::Right, "only an operator changes keys")),
        })?;
        let (credentials, by) = (&self.rules.credentials, self.principal.actor());
        Ok(credentials.reseal(self.run.store, by, self.now)?)
    }
}
