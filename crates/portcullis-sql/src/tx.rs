/// The unit of work of every SQL adapter.
///
/// It implements [`Ledger`](portcullis_ledger::Ledger) and the port of each domain whose feature
/// is on, over an [`Exec`](crate::Exec) that is already inside a transaction.
#[derive(Debug)]
pub struct SqlTx<E> {
    pub(crate) exec: E,
}

impl<E> SqlTx<E> {
    /// A unit of work over `exec`.
    pub fn new(exec: E) -> Self {
        Self { exec }
    }

    /// The executor back, to commit or to give up what was done.
    pub fn into_exec(self) -> E {
        self.exec
    }
}
