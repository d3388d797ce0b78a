//! The suite that every adapter runs.

use portcullis_conformance::Harness;
use portcullis_memory::Store;

struct Memory;

impl Harness for Memory {
    type Store = Store;
    fn fresh() -> Store {
        Store::new()
    }
}

portcullis_conformance::suite!(Memory);
