use crate::{Cells, Exec, ExecExt, Names, SqlTx};
use portcullis_ledger::{StoreError, StoreErrorKind};

/// A connection on which the host has a transaction open, and may have savepoints of its own.
pub trait Savepoints: Exec {
    /// Whether the host has a transaction open.
    ///
    /// # Errors
    /// When the driver cannot tell, because the transaction broke.
    fn in_transaction(&mut self) -> Result<bool, StoreError>;

    /// Opens a savepoint; they nest.
    ///
    /// # Errors
    /// What the driver meets.
    fn savepoint(&mut self) -> Result<(), StoreError>;

    /// Ends the innermost savepoint, and keeps what was done since.
    ///
    /// # Errors
    /// What the driver meets; what was done since is then undone.
    fn release(&mut self) -> Result<(), StoreError>;

    /// Ends the innermost savepoint, and undoes what was done since. It fails only where the
    /// database has already rolled back the whole transaction, and then there is nothing to undo.
    fn undo(&mut self);
}

/// That calls of ours may run in the transaction of `host`.
///
/// # Errors
/// [`Misuse`](StoreErrorKind::Misuse) for a connection that is in no transaction, where every
/// statement would commit by itself, or one that does not enforce foreign keys.
pub fn joinable(host: &mut impl Savepoints) -> Result<(), StoreError> {
    if !host.in_transaction()? {
        return Err(misuse(
            "the connection is in no transaction; begin one, or give the portal a store of its own",
        ));
    }
    if let Some(enforcement) = host.dialect().enforcement()
        && !host.one(enforcement, &[], yes)?
    {
        return Err(misuse(
            "the connection does not enforce foreign keys; call `configure` on it before the transaction",
        ));
    }
    Ok(())
}

/// Runs `work` in the transaction of `host`, in a savepoint of its own and, where writers take
/// [turns](Names::turn), in its turn.
///
/// Ok keeps what `work` did until the host commits or rolls back; Err and panic undo it and leave
/// the host's transaction as it was before the call (pitfall 6).
///
/// # Errors
/// What `work` returns; as [`joinable`], and [`Misuse`](StoreErrorKind::Misuse) for names that the
/// database cannot have, or a transaction whose snapshot may be older than what took a right away.
pub fn joined<J, R, E>(
    mut host: J,
    names: &Names,
    work: impl FnOnce(&mut SqlTx<J>) -> Result<R, E>,
) -> Result<R, E>
where
    J: Savepoints,
    E: From<StoreError>,
{
    names.check(host.dialect())?;
    joinable(&mut host)?;
    host.savepoint()?;
    let mut call = Call {
        tx: SqlTx::named(host, names),
        open: true,
    };
    names.take_turn(call.tx.exec_mut())?;
    let value = work(&mut call.tx)?;
    call.tx.exec_mut().release()?;
    call.open = false;
    Ok(value)
}

/// Undone when dropped, unless released.
struct Call<J: Savepoints> {
    tx: SqlTx<J>,
    open: bool,
}

impl<J: Savepoints> Drop for Call<J> {
    fn drop(&mut self) {
        if self.open {
            self.tx.exec_mut().undo();
        }
    }
}

fn yes(row: &mut Cells<'_>) -> Result<bool, StoreError> {
    row.flag()
}

fn misuse(what: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Misuse, what)
}
