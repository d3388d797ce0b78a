use crate::session::Setting;
use crate::{Exec, ExecExt};
use portcullis_ledger::{StoreError, StoreErrorKind};
use std::time::Duration;

/// How long somebody else who is changing the same setting is waited for, and how often.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(10);

/// Gives a connection, which is in no transaction, the settings that Portcullis relies on, and
/// reads each back.
///
/// SQLite: WAL where there is a file, foreign keys, 5 s of patience with other writers,
/// `synchronous=NORMAL`. PostgreSQL: a plan for the values at hand, the same patience, no parallel
/// workers.
///
/// # Errors
/// [`Misuse`](StoreErrorKind::Misuse) names the setting that did not take.
pub fn configure(exec: &mut dyn Exec) -> Result<(), StoreError> {
    for setting in exec.dialect().settings() {
        set(exec, setting)?;
        read_back(exec, setting, "")?;
    }
    Ok(())
}

/// That every setting is as [`configure`] leaves it, on a connection that somebody else opened;
/// `or` says in the error what else can be done.
///
/// # Errors
/// [`Misuse`](StoreErrorKind::Misuse) names the first that is not.
pub fn verify(exec: &mut dyn Exec, or: &str) -> Result<(), StoreError> {
    for setting in exec.dialect().settings() {
        read_back(exec, setting, or)?;
    }
    Ok(())
}

/// Two programs that open a new file at once collide where WAL is turned on, in spite of the busy
/// timeout, which SQLite does not apply to this change.
fn set(exec: &mut dyn Exec, setting: &Setting) -> Result<(), StoreError> {
    let mut left = PATIENCE;
    loop {
        match exec.script(setting.set) {
            Err(error) if error.kind() == StoreErrorKind::Busy && !left.is_zero() => {
                std::thread::sleep(PAUSE);
                left = left.saturating_sub(PAUSE);
            }
            other => return other,
        }
    }
}

fn read_back(exec: &mut dyn Exec, setting: &Setting, or: &str) -> Result<(), StoreError> {
    let found = exec.one(setting.read, &[], |row| Ok(row.text()?.to_owned()))?;
    if found == setting.wanted {
        return Ok(());
    }
    let what = format!(
        "the setting {} is {found} and must be {}; configure the connection outside a transaction, on a local disk{or}",
        setting.name, setting.wanted
    );
    Err(StoreError::new(StoreErrorKind::Misuse, what))
}
