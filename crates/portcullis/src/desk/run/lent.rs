use super::Run;
use portcullis_ledger::StoreError;
use portcullis_sql::Names;

/// A transaction that the host has open, as it lends it to [`Portal::joined`](crate::Portal::joined):
/// `&rusqlite::Transaction`, `&rusqlite::Connection`, or a `&mut` to a connection of Diesel's inside
/// `transaction`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no transaction that a host can lend",
    label = "needs a `&rusqlite::Transaction`, or a `&mut` to a Diesel connection inside `transaction`",
    note = "turn on the feature `rusqlite` or `diesel` of portcullis; an asynchronous driver cannot lend its transaction, but its lists can be filtered"
)]
pub trait HostTransaction<'c> {
    /// What runs units of work in it.
    type Run: Run;

    /// Lends it, for tables of these names.
    #[doc(hidden)]
    fn lend(self, names: &'c Names) -> Result<Self::Run, StoreError>;
}

/// Each unit of work in a savepoint of the transaction the host has open, so that its rows and
/// ours commit together.
#[derive(Debug)]
pub struct InTransaction<'c, T> {
    pub(super) lent: T,
    pub(super) names: &'c Names,
}
