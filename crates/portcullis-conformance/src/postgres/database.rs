use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// One database of a [`Server`](super::Server).
#[derive(Clone, Debug)]
pub struct Database {
    url: String,
    psql: PathBuf,
}

impl Database {
    pub(super) fn new(binaries: &Path, socket: &Path, name: &str) -> Self {
        let host = percent(&socket.display().to_string());
        Self {
            url: format!("postgresql://postgres@{host}/{name}"),
            psql: binaries.join("psql"),
        }
    }

    /// Where it is, as libpq and the drivers of Rust read it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A psql that is about to connect, without anybody's own settings.
    pub fn psql(&self) -> Command {
        let mut psql = Command::new(&self.psql);
        psql.args(["-X", "-d", &self.url]);
        psql
    }

    /// Runs `script` through psql up to its end, whatever fails on the way, and returns what
    /// psql complained about: empty when all went well.
    pub fn complaints(&self, script: &str) -> String {
        self.run(script).1
    }

    /// Runs `script` and returns what it printed: a line for a row, a tab between columns.
    ///
    /// # Panics
    /// With what psql complained about, if it did.
    pub fn answer(&self, script: &str) -> String {
        let (answer, complaints) = self.run(script);
        assert_eq!(complaints, "");
        answer
    }

    /// Waits until a writer waits for its turn here: whoever had none would wait for nobody.
    /// `ended` tells of one that has gone through without a turn, which ends the wait as well.
    ///
    /// # Panics
    /// If neither comes about in about a minute.
    pub fn wait_for_a_waiter(&self, ended: impl Fn() -> bool) {
        let waiting = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database());";
        for _ in 0..2_000 {
            if ended() || self.answer(waiting).trim() != "0" {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("nobody has waited for a turn");
    }

    /// What psql printed, and what it complained about.
    fn run(&self, script: &str) -> (String, String) {
        let mut psql = self.psql();
        psql.args(["-q", "-A", "-t", "-F", "\t", "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut psql = psql.spawn().expect("psql");
        let mut stdin = psql.stdin.take().expect("a pipe");
        let output = std::thread::scope(|scope| {
            // Beside the reading: a pipe holds little.
            scope.spawn(move || stdin.write_all(script.as_bytes()));
            psql.wait_with_output().expect("psql")
        });
        let mut complaints = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            let _ = write!(complaints, "psql ended with {}", output.status);
        }
        (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            complaints,
        )
    }
}

/// A path as the host of a URL.
fn percent(path: &str) -> String {
    path.bytes().fold(String::new(), |mut host, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            host.push(char::from(byte));
        } else {
            let _ = write!(host, "%{byte:02X}");
        }
        host
    })
}
