use crate::desk::{Desk, InTransaction};
use crate::{Error, Me, Portal};
use portcullis_access::Kind;
use portcullis_sql::{SqlStore, VisibleTo};
use rusqlite::Connection;

/// For a host with tables of its own beside ours: lists over them, and the same calls inside its
/// own transactions.
impl<S: SqlStore> Portal<S> {
    /// Starts the condition that keeps, of the rows in a table of the host's, those that `me` may
    /// see: `portal.visible_to(&me, DOCUMENT).column("d.id").owned_by("d.client_id").sql()?`.
    ///
    /// For a `me` that is out of date, because somebody's rights have changed since it was read,
    /// the list is empty: ask [`Portal::fresh`] where an empty list must mean that nothing is
    /// there, and get `me` again if it is not.
    pub fn visible_to<'a>(&'a self, me: &'a Me, kind: Kind) -> VisibleTo<'a> {
        portcullis_sql::visible_to(me.viewer(), kind, self.catalogue(), me.at())
            .named(self.store().names())
    }

    /// Everything `me` may do, inside the transaction that the host has open on `connection` (a
    /// `rusqlite::Transaction` is one): its rows and ours commit together, or neither does. Each
    /// call runs in a savepoint, so that a refusal leaves the host's transaction as it was, but for
    /// the audit entry of the refusal: that is kept if the host commits, and lost if it rolls back.
    ///
    /// # Errors
    /// A connection that is in no transaction is refused; the cause says what to do instead.
    pub fn joined<'p>(
        &'p self,
        connection: &'p Connection,
        me: &Me,
    ) -> Result<Desk<'p, InTransaction<'p>>, Error> {
        portcullis_rusqlite::Joined::new(connection)?;
        Ok(Desk::new(
            self.rules(),
            InTransaction::new(connection, self.store().names()),
            me.principal().clone(),
            me.standing(),
            me.at(),
        ))
    }
}
