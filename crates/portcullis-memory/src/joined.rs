use crate::Tx;
use crate::tx::State;

/// Runs `work` inside a unit of work that is already open, as a part that can fail alone.
///
/// Ok keeps what `work` did until the unit of work ends; Err and panic undo it and leave the rest.
///
/// # Errors
/// What `work` returns.
pub fn joined<R, E>(tx: &mut Tx, work: impl FnOnce(&mut Tx) -> Result<R, E>) -> Result<R, E> {
    let mut savepoint = Savepoint {
        before: Some(tx.state().clone()),
        tx,
    };
    let value = work(savepoint.tx)?;
    savepoint.before = None;
    Ok(value)
}

/// Restores the state it was made at when dropped, unless that was taken out.
struct Savepoint<'t> {
    before: Option<State>,
    tx: &'t mut Tx,
}

impl Drop for Savepoint<'_> {
    fn drop(&mut self) {
        if let Some(before) = self.before.take() {
            self.tx.restore(before);
        }
    }
}
