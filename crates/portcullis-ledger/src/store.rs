use crate::{StoreError, StoreErrorKind};

/// Whether a unit of work may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// One consistent snapshot; a write in it is refused.
    Read,
    /// The one writer, taken at the start (`BEGIN IMMEDIATE` on SQLite), so that a read followed
    /// by a write can never fail half-way (pitfall 1).
    Write,
    /// Statements that each check what they change (`UPDATE .. WHERE .. RETURNING`), and so need no
    /// turn among the writers: what counts or burns, on a database that has more than one. It moves
    /// no revision: see [`needs_turn`](Self::needs_turn).
    Conditional,
}

impl Mode {
    /// Whether what is done in it must be kept.
    pub const fn writes(self) -> bool {
        matches!(self, Self::Write | Self::Conditional)
    }

    /// Refuses what belongs to a command, such as [`bump`](crate::Ledger::bump), in a unit of work
    /// that took no turn among the writers: it may not see what another takes away at that moment. An
    /// adapter asks it in `bump`, and refuses to commit where the answer was dropped. In a unit of
    /// work that only reads, every write is refused already.
    ///
    /// # Errors
    /// [`Misuse`](StoreErrorKind::Misuse) in [`Conditional`](Self::Conditional).
    pub fn needs_turn(self) -> Result<(), StoreError> {
        match self {
            Self::Read | Self::Write => Ok(()),
            Self::Conditional => Err(misuse(
                "a command, which moves the revision, was run in a unit of work that took no turn among the writers; open it with `write` instead of `conditionally`",
            )),
        }
    }
}

/// A place where a portal is kept. Implemented by adapters; used through [`StoreExt`].
///
/// The contract, tested by the conformance suite for every adapter: when `work` returns Ok all it
/// did is kept before `with_tx` returns; when it returns Err, or panics, nothing of it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no store",
    label = "a store is needed here, not a transaction",
    note = "what counts or burns (a sign-in, a token) commits on its own, so that no caller's rollback undoes the count: pass the store"
)]
pub trait Store: Send + Sync {
    /// The unit of work. It owns what it needs, so that it can be named without a lifetime, and
    /// implements the port of every domain the adapter serves.
    type Tx: 'static;

    /// Runs `work` in one transaction. `work` is called exactly once.
    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
}

/// Units of work by closure, over any result and the caller's own error type.
pub trait StoreExt: Store {
    /// Runs `work` on one consistent snapshot.
    fn read<R, E>(&self, work: impl FnOnce(&mut Self::Tx) -> Result<R, E>) -> Result<R, E>
    where
        E: From<StoreError>,
    {
        run(self, Mode::Read, work)
    }

    /// Runs `work` as one change: Ok keeps it, Err leaves no trace.
    fn write<R, E>(&self, work: impl FnOnce(&mut Self::Tx) -> Result<R, E>) -> Result<R, E>
    where
        E: From<StoreError>,
    {
        run(self, Mode::Write, work)
    }

    /// Runs conditional statements as one change that waits for no other writer: attempts, codes,
    /// tokens, sessions. Ok keeps it, Err leaves no trace. A command in it, which moves a revision, is
    /// [`Misuse`](StoreErrorKind::Misuse) on every store, and nothing of the unit of work is kept.
    fn conditionally<R, E>(&self, work: impl FnOnce(&mut Self::Tx) -> Result<R, E>) -> Result<R, E>
    where
        E: From<StoreError>,
    {
        run(self, Mode::Conditional, work)
    }
}

impl<S: Store + ?Sized> StoreExt for S {}

fn run<S, R, E>(
    store: &S,
    mode: Mode,
    work: impl FnOnce(&mut S::Tx) -> Result<R, E>,
) -> Result<R, E>
where
    S: Store + ?Sized,
    E: From<StoreError>,
{
    let mut work = Some(work);
    let mut outcome = None;
    let transaction = store.with_tx(mode, &mut |tx| {
        let Some(work) = work.take() else {
            return Err(misuse("an adapter called a unit of work twice"));
        };
        match work(tx) {
            Ok(value) => {
                outcome = Some(Ok(value));
                Ok(())
            }
            Err(error) => {
                outcome = Some(Err(error));
                // Only tells the adapter to roll back; the caller gets the error it made.
                Err(misuse("the unit of work was given up"))
            }
        }
    });
    match (transaction, outcome) {
        (_, Some(Err(error))) => Err(error),
        (Ok(()), Some(Ok(value))) => Ok(value),
        (Ok(()), None) => Err(misuse("an adapter did not call the unit of work").into()),
        (Err(error), _) => Err(error.into()),
    }
}

fn misuse(what: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Misuse, what)
}
