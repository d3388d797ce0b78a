use crate::desk::{Desk, HostTransaction};
use crate::{Error, Me, Portal};
use portcullis_access::Kind;
use portcullis_sql::{SqlStore, VisibleTo};

/// For a host with tables of its own beside ours: lists over them, and the same calls inside its
/// own transactions.
impl<S: SqlStore> Portal<S> {
    /// Starts the condition that keeps, of the rows in a table of the host's, those that `me` may
    /// see: `portal.visible_to(&me, DOCUMENT).column("d.id").owned_by("d.client_id").sql()?`. It is
    /// written for the store's database.
    ///
    /// For a `me` that is out of date, because somebody's rights have changed since it was read,
    /// the list is empty: ask [`Portal::fresh`] where an empty list must mean that nothing is
    /// there, and get `me` again if it is not.
    pub fn visible_to<'a>(&'a self, me: &'a Me, kind: Kind) -> VisibleTo<'a> {
        portcullis_sql::visible_to(me.viewer(), kind, self.catalogue(), me.at())
            .named(self.store().names())
            .on(self.store().dialect())
    }

    /// The same for a query of Diesel's: `documents::id.visible_to(portal.lens(&me), DOCUMENT)`,
    /// with [`VisibleToDsl`](portcullis_diesel::VisibleToDsl).
    #[cfg(feature = "diesel")]
    pub fn lens<'a>(&'a self, me: &'a Me) -> portcullis_diesel::Lens<'a> {
        portcullis_diesel::Lens::new(me.viewer(), self.catalogue(), me.at())
            .named(self.store().names())
    }

    /// Everything `me` may do, inside the `transaction` that the host has open (a
    /// `&rusqlite::Transaction`, or the `&mut` connection inside Diesel's `transaction`; on SQLite
    /// begun as IMMEDIATE): its rows and ours commit together, or neither does. Each
    /// call runs in a savepoint, so that a refusal leaves the host's transaction as it was, but for
    /// the audit entry of the refusal: that is kept if the host commits, and lost if it rolls back.
    ///
    /// # Errors
    /// A connection that is in no transaction is refused; the cause says what to do instead.
    pub fn joined<'p, T>(&'p self, transaction: T, me: &Me) -> Result<Desk<'p, T::Run>, Error>
    where
        T: HostTransaction<'p>,
    {
        Ok(Desk::new(
            self.rules(),
            transaction.lend(self.store().names())?,
            me.principal().clone(),
            me.standing(),
            me.at(),
        ))
    }
}
