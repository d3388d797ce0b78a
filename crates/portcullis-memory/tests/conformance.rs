//! The suite that every adapter runs.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use portcullis_access::Users;
use portcullis_conformance::Harness;
use portcullis_credentials::{Accounts, Factors, PasswordHash, Sessions};
use portcullis_ledger::{Ledger, StoreError, StoreExt};
use portcullis_memory::Store;
use std::fmt::Write as _;

struct Memory;

impl Harness for Memory {
    type Store = Store;
    fn fresh() -> Store {
        Store::new()
    }
    /// There is no file to read: its rows, as they print, with what does not.
    fn dump(store: &Store) -> Option<Vec<u8>> {
        let rows = store.read(|tx| {
            let mut rows = format!("{:?}", tx.audit(100_000)?);
            for mail in tx.outbox(100_000)? {
                let sealed = mail.sealed.as_ref().map(|sealed| sealed.text().to_owned());
                let _ = write!(rows, "{mail:?}{sealed:?}");
            }
            for user in tx.users()? {
                let (account, factor) = (tx.account(user.id)?, tx.factor(user.id)?);
                let _ = write!(rows, "{user:?}{account:?}{factor:?}");
                let Some(account) = account else { continue };
                let hash = account.password.as_ref().map(PasswordHash::expose);
                let _ = write!(rows, "{hash:?}");
                for session in tx.sessions_of(user.id, account.epoch, 1_000)? {
                    let _ = write!(rows, "{session:?}");
                }
            }
            Ok::<_, StoreError>(rows)
        });
        Some(rows.unwrap().into_bytes())
    }
}

portcullis_conformance::suite!(Memory);
