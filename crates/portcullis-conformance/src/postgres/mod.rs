//! A PostgreSQL server of the test's own, for every test, example and measurement that needs one.
//!
//! It lies in a temporary folder, is reachable by its Unix socket alone, and is gone, folder and
//! all, when its [`Server`] is dropped or the process that started it ends, however it ends. Tests
//! of one binary share a server and take a [`Database`] each:
//!
//! ```
//! use portcullis_conformance::postgres::Server;
//!
//! if let Some(server) = Server::shared() {
//!     let database = server.database();
//!     assert_eq!(database.complaints("CREATE TABLE documents (id BIGINT);"), "");
//!     println!("psql {}", database.url());
//! } // otherwise `skipped` was printed, or with CI=true the test has failed
//! ```

mod binaries;
mod database;

pub use database::Database;

use binaries::{as_postgres, binaries};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A running server with the user `postgres`, who needs no password.
#[derive(Debug)]
pub struct Server {
    /// Holds the pipe whose end stops the server.
    keeper: Child,
    socket: PathBuf,
    binaries: PathBuf,
    databases: AtomicU32,
}

impl Server {
    /// The server that all tests of this process share, started by the first of them.
    ///
    /// `None` as for [`start`](Self::start).
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Server>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// Starts one of its own, or prints `skipped` and answers `None` where none is installed.
    ///
    /// # Panics
    /// With `CI=true` where none is installed, because a suite that skips in silence tests nothing
    /// (pitfall 20); and if it does not start.
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// Starts one with settings of `postgresql.conf`, as `("shared_buffers", "512MB")`.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub fn start_with(settings: &[(&str, &str)]) -> Option<Self> {
        let Some(binaries) = binaries() else {
            skipped(std::env::var("CI").ok().as_deref());
            return None;
        };
        let mut keeper = keep(&binaries, settings);
        let mut told = BufReader::new(keeper.stdout.take().expect("a pipe"));
        let mut line = String::new();
        told.read_line(&mut line).expect("the server's keeper");
        let Some(socket) = line.strip_prefix("ready ").map(str::trim_end) else {
            let _ = told.read_to_string(&mut line);
            panic!("PostgreSQL does not start: {line}");
        };
        Some(Self {
            socket: PathBuf::from(socket),
            keeper,
            binaries,
            databases: AtomicU32::new(0),
        })
    }

    /// A new, empty database. It lives as long as the server.
    pub fn database(&self) -> Database {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let complaints = self.own().complaints(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 STRATEGY wal_log;"
        ));
        assert_eq!(complaints, "");
        self.named(&name)
    }

    /// The database `postgres`, for what concerns the whole server.
    pub fn own(&self) -> Database {
        self.named("postgres")
    }

    fn named(&self, name: &str) -> Database {
        Database::new(&self.binaries, &self.socket, name)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Starts the shell that makes, starts, stops and removes the server.
fn keep(binaries: &Path, settings: &[(&str, &str)]) -> Child {
    let settings: Vec<String> = settings
        .iter()
        .map(|(name, value)| format!("{name} = '{}'\n", value.replace('\'', "''")))
        .collect();
    let mut keeper = as_postgres("sh");
    keeper
        .args(["-c", include_str!("keep.sh"), "keep"])
        .arg(binaries)
        .arg(settings.concat())
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    apart(&mut keeper);
    keeper.spawn().expect("a shell")
}

/// Away from the terminal's group: an interrupt that ends the tests must not end the keeper before
/// it has stopped the server.
fn apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

#[expect(clippy::print_stdout, reason = "whoever runs the tests must see it")]
fn skipped(ci: Option<&str>) {
    assert!(
        ci != Some("true"),
        "CI=true and no PostgreSQL server: install postgresql-15"
    );
    println!("skipped: no PostgreSQL server (initdb) in PATH or /usr/lib/postgresql");
}

#[cfg(test)]
mod tests;
