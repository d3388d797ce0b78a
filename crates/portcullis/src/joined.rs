use crate::desk::{Desk, InTransaction};
use crate::{Error, Me, Portal};
use rusqlite::Connection;

/// The same calls inside a transaction of the host's own.
impl<S> Portal<S> {
    /// Everything `me` may do, inside the transaction that the host has open on `connection` (a
    /// `rusqlite::Transaction` is one): its rows and ours commit together, or neither does. Each
    /// call runs in a savepoint, so that a refusal leaves the host's transaction as it was.
    ///
    /// # Errors
    /// A connection that is in no transaction is refused with what to do instead.
    pub fn joined<'p>(
        &'p self,
        connection: &'p Connection,
        me: &Me,
    ) -> Result<Desk<'p, InTransaction<'p>>, Error> {
        portcullis_rusqlite::Joined::new(connection)?;
        Ok(Desk::new(
            self.rules(),
            InTransaction::new(connection),
            me.principal().clone(),
            me.standing(),
            me.at(),
        ))
    }
}
