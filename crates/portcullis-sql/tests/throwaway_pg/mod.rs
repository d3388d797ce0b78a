//! A PostgreSQL server of its own in a temporary folder, reachable by its socket alone.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "support of tests, in a file of its own"
)]

pub(crate) mod migrations;
#[cfg(feature = "credentials")]
pub(crate) mod psql;

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A running server; stopped and removed when dropped.
pub(crate) struct Server {
    folder: TempDir,
    binaries: PathBuf,
    as_user: Option<&'static str>,
}

impl Server {
    /// Starts one, or prints `skipped` where none is installed. With `CI=true` that is a failure,
    /// because a suite that skips in silence tests nothing (pitfall 20).
    pub(crate) fn start() -> Option<Self> {
        let Some(binaries) = binaries() else {
            let must = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(
                !must,
                "CI=true and no PostgreSQL server: install postgresql-15"
            );
            println!("skipped: no PostgreSQL server (initdb) in PATH or /usr/lib/postgresql");
            return None;
        };
        let server = Self {
            folder: TempDir::with_prefix("pg-").expect("a temporary folder"),
            binaries,
            as_user: root().then_some("postgres"),
        };
        if let Some(user) = server.as_user {
            // The server refuses to run as root.
            done(Command::new("chown").arg(user).arg(server.folder.path()));
        }
        let data = server.data();
        done(
            server
                .command("initdb")
                .args([
                    "-A",
                    "trust",
                    "-U",
                    "postgres",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--no-sync",
                ])
                .arg("-D")
                .arg(&data),
        );
        let options = format!(
            "-F -c listen_addresses='' -k {}",
            server.folder.path().display()
        );
        done(
            server
                .command("pg_ctl")
                .args(["start", "-w", "-s", "-o", &options, "-D"])
                .arg(&data)
                .arg("-l")
                .arg(server.folder.path().join("log")),
        );
        Some(server)
    }

    /// Runs `script` through psql up to its end, whatever fails on the way, and returns what
    /// psql complained about: empty when all went well.
    pub(crate) fn complaints(&self, script: &str) -> String {
        let path = self.folder.path().join("script.sql");
        std::fs::write(&path, script).expect("the script");
        // Handed over open: the server's user need not be able to read it.
        let file = std::fs::File::open(&path).expect("the script");
        let output = self.psql().arg("-q").stdin(file).output().expect("psql");
        let complaints = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            complaints.into_owned()
        } else {
            format!("{complaints}psql ended with {}", output.status)
        }
    }

    /// A psql that is about to connect.
    fn psql(&self) -> Command {
        let mut psql = self.command("psql");
        psql.args(["-X", "-U", "postgres", "-h"])
            .arg(self.folder.path());
        psql
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let program = self.binaries.join(program);
        let mut command = match self.as_user {
            None => Command::new(program),
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.data();
        let _ = run(self
            .command("pg_ctl")
            .args(["stop", "-s", "-m", "immediate", "-D"])
            .arg(data));
    }
}

/// The folder that holds all of a server: of PATH, or where Debian puts it; the newest first.
fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| {
            versions
                .flatten()
                .map(|entry| entry.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    debian.sort();
    let complete = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres", "psql"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    std::env::split_paths(&path)
        .chain(debian.into_iter().rev())
        .find(complete)
}

fn root() -> bool {
    let id = run(Command::new("id").arg("-u"));
    id.stdout.trim_ascii() == b"0"
}

fn done(command: &mut Command) {
    let output = run(command);
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn run(command: &mut Command) -> Output {
    // Files instead of pipes for the server's own output: pg_ctl's child would keep a pipe open.
    let keeps_running = command.get_args().any(|arg| arg == "start");
    if keeps_running {
        command.stdout(Stdio::null()).stderr(Stdio::null());
    }
    command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// `sql` as a statement for psql to prepare under `name`.
pub(crate) fn prepare(name: &str, sql: &str) -> String {
    format!(
        "PREPARE \"{name}\" AS {};\n",
        portcullis_sql::statement::numbered(sql, 1)
    )
}
