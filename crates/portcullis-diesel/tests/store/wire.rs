//! Between a driver and its server, to count what crosses.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use tempfile::TempDir;

const SOCKET: &str = ".s.PGSQL.5432";

/// A socket that hands everything on to a server's and back.
pub(crate) struct Wire {
    url: String,
    trips: Arc<Mutex<Vec<Trip>>>,
    _folder: TempDir,
}

/// What a client sent before it waited for an answer.
#[derive(Clone, Debug)]
pub(crate) struct Trip {
    sent: Vec<u8>,
}

impl Trip {
    /// A simple query that begins or ends a transaction.
    pub(crate) fn brackets(&self) -> bool {
        // The kind of the message, its length in four bytes, and the text.
        let text = self.sent.get(5..).unwrap_or_default();
        self.sent.first() == Some(&b'Q')
            && [&b"BEGIN"[..], b"COMMIT"]
                .iter()
                .any(|word| text.starts_with(word))
    }

    /// A statement that the server is to keep prepared.
    pub(crate) fn prepares(&self) -> bool {
        self.sent.first() == Some(&b'P')
    }
}

impl Wire {
    /// A way to the server of `url`, which names a folder with its socket.
    pub(crate) fn to(url: &str) -> Self {
        let (_, rest) = url.split_once('@').unwrap();
        let (host, database) = rest.split_once('/').unwrap();
        let server = PathBuf::from(host.replace("%2F", "/")).join(SOCKET);
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let trips = Arc::new(Mutex::new(Vec::new()));
        let counted = Arc::clone(&trips);
        thread::spawn(move || {
            for client in listener.incoming() {
                hand_on(&client.unwrap(), &server, &counted);
            }
        });
        let host = folder.path().display().to_string().replace('/', "%2F");
        Self {
            url: format!("postgresql://postgres@{host}/{database}"),
            trips,
            _folder: folder,
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Every trip since the last `forget`.
    pub(crate) fn trips(&self) -> Vec<Trip> {
        self.trips.lock().unwrap().clone()
    }

    pub(crate) fn forget(&self) {
        self.trips.lock().unwrap().clear();
    }
}

/// Who sent last on a connection. Both sides are noted before they are handed on, so a client that
/// answers to what it received is noted behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Client,
    Server,
}

fn hand_on(client: &UnixStream, server: &Path, trips: &Arc<Mutex<Vec<Trip>>>) {
    let server = UnixStream::connect(server).unwrap();
    let last = Arc::new(Mutex::new(Last::Server));
    let (there, trips) = (Arc::clone(&last), Arc::clone(trips));
    pump(client, &server, move |bytes| {
        let mut last = there.lock().unwrap();
        let mut trips = trips.lock().unwrap();
        match trips.last_mut().filter(|_| *last == Last::Client) {
            Some(trip) => trip.sent.extend_from_slice(bytes),
            None => trips.push(Trip {
                sent: bytes.to_vec(),
            }),
        }
        *last = Last::Client;
    });
    pump(&server, client, move |_| {
        *last.lock().unwrap() = Last::Server;
    });
}

fn pump(from: &UnixStream, to: &UnixStream, note: impl Fn(&[u8]) + Send + 'static) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(length) = from.read(&mut buffer) {
            let bytes = buffer.get(..length).unwrap_or_default();
            if length > 0 {
                note(bytes);
            }
            if length == 0 || to.write_all(bytes).is_err() {
                let _ = to.shutdown(std::net::Shutdown::Both);
                return;
            }
        }
    });
}
