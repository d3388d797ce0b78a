use crate::HostConnection;
use crate::joined::Joined;
use diesel::r2d2::{CustomizeConnection, R2D2Connection};
use diesel::result::{DatabaseErrorKind, Error};
use portcullis_ledger::StoreError;
#[cfg(doc)]
use portcullis_ledger::StoreErrorKind;
use portcullis_sql::adapter;

/// Gives a connection the settings that Portcullis relies on, and reads each back.
///
/// SQLite: WAL, foreign keys, 5 s of patience with other writers, `synchronous=NORMAL`. PostgreSQL:
/// a plan for the values at hand, the same patience, no parallel workers. Call it on a connection of
/// the host's own before [`joined`](crate::joined), outside a transaction, or let a pool do it:
/// [`Configure`].
///
/// # Errors
/// [`Misuse`](StoreErrorKind::Misuse) names the setting that did not take, as WAL on a network
/// folder.
pub fn configure<C: HostConnection>(connection: &mut C) -> Result<(), StoreError> {
    adapter::configure(&mut Joined::unchecked(connection))
}

/// Has a pool [`configure`] each connection that it opens.
///
/// ```no_run
/// use diesel::PgConnection;
/// use diesel::r2d2::{ConnectionManager, Pool};
/// use portcullis_diesel::{Configure, Store};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = Pool::builder()
///     .connection_customizer(Box::new(Configure))
///     .build(ConnectionManager::<PgConnection>::new("postgres://localhost/host"))?;
/// let store = Store::over(pool)?; // the host goes on using its pool
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Configure;

impl<C> CustomizeConnection<C, diesel::r2d2::Error> for Configure
where
    C: HostConnection + R2D2Connection + 'static,
{
    fn on_acquire(&self, connection: &mut C) -> Result<(), diesel::r2d2::Error> {
        configure(connection).map_err(|error| unset(&error))
    }
}

/// A pool wants an error of the driver's.
fn unset(error: &StoreError) -> diesel::r2d2::Error {
    let what = error.to_string();
    diesel::r2d2::Error::QueryError(Error::DatabaseError(
        DatabaseErrorKind::Unknown,
        Box::new(what),
    ))
}
