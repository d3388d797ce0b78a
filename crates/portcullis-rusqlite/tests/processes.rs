//! Several processes with one file open (bugs 1, 2, 3, 26, 27, 32 and 35).
#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use portcullis_conformance::NOW;
use portcullis_conformance::processes::Place;
use portcullis_rusqlite::Store;
use std::any::Any;

struct OnFile;

impl Place for OnFile {
    type Store = Store;

    fn place() -> Option<(String, Box<dyn Any>)> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("portal.db");
        Store::open(&file).unwrap().migrate(NOW).unwrap();
        Some((file.to_str().unwrap().to_owned(), Box::new(folder)))
    }

    fn open(place: &str) -> Store {
        Store::open(place).unwrap()
    }
}

portcullis_conformance::processes_suite!(OnFile);
