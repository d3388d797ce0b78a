use crate::HostConnection;
use crate::error::store_error;
use diesel::r2d2::{CustomizeConnection, R2D2Connection};
use diesel::result::{DatabaseErrorKind, Error};
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sql::Setting;

/// Gives a connection the settings that Portcullis relies on, and reads each back.
///
/// SQLite: WAL, foreign keys, 5 s of patience with other writers, `synchronous=NORMAL`. PostgreSQL:
/// a plan for the values at hand, the same patience, no parallel workers; see
/// [`Dialect::settings`](portcullis_sql::Dialect::settings). Call it on a connection of the host's
/// own before [`joined`](crate::joined), outside a transaction, or let a pool do it: [`Configure`].
///
/// # Errors
/// [`Misuse`](StoreErrorKind::Misuse) names the setting that did not take, as WAL on a network
/// folder.
pub fn configure<C: HostConnection>(connection: &mut C) -> Result<(), StoreError> {
    for setting in connection.dialect().settings() {
        apply(connection, setting)?;
    }
    Ok(())
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

/// That every setting is as [`configure`] leaves it.
pub(crate) fn verify<C: HostConnection>(connection: &mut C) -> Result<(), StoreError> {
    for setting in connection.dialect().settings() {
        read_back(connection, setting)?;
    }
    Ok(())
}

fn apply<C: HostConnection>(connection: &mut C, setting: &Setting) -> Result<(), StoreError> {
    connection.batch_execute(setting.set).map_err(store_error)?;
    read_back(connection, setting)
}

fn read_back<C: HostConnection>(connection: &mut C, setting: &Setting) -> Result<(), StoreError> {
    let mut found = String::new();
    connection.statement_rows(setting.read, &[], &mut |row| {
        row.text(0)?.clone_into(&mut found);
        Ok(())
    })?;
    if found == setting.wanted {
        return Ok(());
    }
    let what = format!(
        "the setting {} is {found} and must be {}; configure the connection outside a transaction, on a local disk, or let the pool do it with `Configure`",
        setting.name, setting.wanted
    );
    Err(StoreError::new(StoreErrorKind::Misuse, what))
}

/// A pool wants an error of the driver's.
fn unset(error: &StoreError) -> diesel::r2d2::Error {
    let what = error.to_string();
    diesel::r2d2::Error::QueryError(Error::DatabaseError(
        DatabaseErrorKind::Unknown,
        Box::new(what),
    ))
}
