//! A host on Diesel with SQLite: its lists filtered, its write and ours in one transaction.
//!
//! The host of `own_tables`, in Diesel's words; `own_tables_postgres` runs the same on a server.
#![expect(clippy::print_stdout, reason = "a program that shows something")]

#[path = "own_tables_host/mod.rs"]
mod host;

use host::Host;
use std::error::Error;
use std::path::Path;

type Connection = diesel::SqliteConnection;

/// A transaction that writes takes its turn at once: see pitfall 1 in `docs/storage.md`.
fn in_transaction(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    connection.immediate_transaction(work)
}

fn run(file: &Path) -> Result<String, Box<dyn Error>> {
    let mut host = Host::found(file.to_str().ok_or("a path in UTF-8")?)?;
    host.story()?;
    host.tell()
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    println!("{}", run(&folder.path().join("host.db"))?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_on_diesel_lists_and_writes_as_the_one_on_rusqlite_does() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(run(&folder.path().join("host.db")).unwrap(), host::TOLD);
    }
}
