use super::PortalFile;
use super::export::Export;
use super::import::Import;
use crate::Error;
use crate::desk::{Desk, Run};
use portcullis_access::Gate;

/// Whole portals, for operators.
impl<R: Run> Desk<'_, R> {
    /// Reads a file into an empty portal, in one unit of work: all of it or nothing.
    ///
    /// # Errors
    /// Refused for anybody but an operator; invalid with the path in the file for whatever is
    /// wrong in it, and for a portal that is in use.
    pub fn import(&self, file: &PortalFile) -> Result<(), Error> {
        self.operators_only()?;
        self.act("portal.import", |tx, act| {
            Import::new(tx, self.rules(), act.now()).run(file)?;
            act.record(tx, "portal.import", None, "portal", file.profile.clone())?;
            tx.bump(portcullis_ledger::Scope::Policy)?;
            Ok(())
        })
    }

    /// Writes the whole portal down: everything but sessions, one-time tokens, waiting mails and
    /// the audit. It holds password hashes: keep it like the store.
    ///
    /// # Errors
    /// Refused for anybody but an operator; invalid for a portal that was never founded.
    pub fn export(&self) -> Result<PortalFile, Error> {
        self.operators_only()?;
        self.act("portal.export", |tx, act| {
            let file = Export::new(tx, self.rules()).run()?;
            act.record(tx, "portal.export", None, "portal", file.profile.clone())?;
            Ok(file)
        })
    }

    fn operators_only(&self) -> Result<(), Error> {
        if self.principal().user().is_some() {
            return Err(Error::refused(
                Gate::Right,
                "only an operator moves whole portals",
            ));
        }
        Ok(())
    }
}
