//! A host on Diesel with PostgreSQL: its lists filtered, its write and ours in one transaction.
//!
//! Given the URL of an empty database it works there; otherwise it starts a server of its own, in a
//! temporary folder, that is gone when the program ends.
#![expect(clippy::print_stdout, reason = "a program that shows something")]

#[path = "own_tables_host/mod.rs"]
mod host;

use host::Host;
use portcullis_conformance::postgres::Server;
use std::error::Error;

type Connection = diesel::PgConnection;

fn in_transaction(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    diesel::Connection::transaction(connection, work)
}

fn run(url: &str) -> Result<String, Box<dyn Error>> {
    let mut host = Host::found(url)?;
    host.story()?;
    host.tell()
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(url) = std::env::args().nth(1) {
        println!("{}", run(&url)?);
        return Ok(());
    }
    // Where no server is installed, `skipped` was printed.
    if let Some(server) = Server::start() {
        println!("{}", run(server.database().url())?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_on_a_server_lists_and_writes_as_the_one_on_a_file_does() {
        if let Some(server) = Server::shared() {
            assert_eq!(run(server.database().url()).unwrap(), host::TOLD);
        }
    }
}
