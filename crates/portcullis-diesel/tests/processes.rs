//! Several processes on one database, of either kind (bugs 1, 2, 3, 26, 27, 32 and 35).
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use diesel::{PgConnection, SqliteConnection};
use portcullis_conformance::NOW;
use portcullis_conformance::postgres::Server;
use portcullis_conformance::processes::Place;
use portcullis_diesel::Store;
use std::any::Any;

struct OnFile;

impl Place for OnFile {
    type Store = Store<SqliteConnection>;

    fn place() -> Option<(String, Box<dyn Any>)> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("portal.db").display().to_string();
        Self::open(&file).migrate(NOW).unwrap();
        Some((file, Box::new(folder)))
    }

    fn open(place: &str) -> Self::Store {
        Store::open(place).unwrap()
    }
}

struct OnServer;

impl Place for OnServer {
    type Store = Store<PgConnection>;

    fn place() -> Option<(String, Box<dyn Any>)> {
        let url = Server::shared()?.database().url().to_owned();
        Self::open(&url).migrate(NOW).unwrap();
        Some((url, Box::new(())))
    }

    fn open(place: &str) -> Self::Store {
        Store::open(place).unwrap()
    }
}

mod sqlite {
    portcullis_conformance::processes_suite!(crate::OnFile);
}

mod postgres {
    portcullis_conformance::processes_suite!(crate::OnServer);
}
