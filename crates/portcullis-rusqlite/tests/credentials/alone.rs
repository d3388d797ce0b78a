//! The accounts without the rest of the portal, in a host's own database.

use crate::world::{Draws, RIGHT, T0};
use portcullis_credentials::{
    Account, Accounts, Attempts, Digest, LockTimes, LoginName, PasswordHash, Reserve, Session,
    Sessions, Settle, Tries, Who,
};
use portcullis_id::{Epoch, SessionId, UserId};
use portcullis_ledger::StoreError;
use portcullis_rusqlite::{Joined, configure, joined};
use portcullis_sql::migrate::{MigrationSet, Migrator, Tenancy, sets};
use rusqlite::Connection;

#[test]
fn credentials_alone_create_and_need_no_table_of_another_domain() {
    let mut connection = Connection::open_in_memory().unwrap();
    configure(&connection).unwrap();
    let own: Vec<MigrationSet> = sets()
        .iter()
        .filter(|set| ["ledger", "credentials"].contains(&set.name))
        .copied()
        .collect();
    let transaction = connection.transaction().unwrap();
    let mut exec = Joined::new(&transaction).unwrap();
    Migrator::new(&own, Tenancy::Alone)
        .migrate(&mut exec, T0)
        .unwrap();
    let signed_in: Result<bool, StoreError> = joined(&transaction, |tx| {
        let draws = Draws::default();
        let user = UserId::new(T0, &draws).unwrap();
        let epoch = Epoch::FIRST;
        tx.add_account(&Account {
            user,
            name: LoginName::parse("Ada").unwrap(),
            password: Some(PasswordHash::from_phc(RIGHT)),
            directory: false,
            change_due: false,
            suspended_at: None,
            disabled_at: None,
            expiry: None,
            epoch,
            tries: Tries::default(),
            created_at: T0,
        })?;
        let attempt = tx.reserve(&Reserve {
            who: Who::Named("ada"),
            now: T0,
            forget_before: None,
            lock: LockTimes::until(5, T0),
        })?;
        let serial = attempt.unwrap().tries.serial;
        tx.settle(&Settle {
            user,
            serial,
            epoch,
        })?;
        tx.add_session(&Session {
            id: SessionId::new(T0, &draws).unwrap(),
            user,
            digest: Digest::from_bytes([1; 32]),
            epoch,
            created_at: T0,
            seen_at: T0,
        })
    });
    assert!(signed_in.unwrap());
    transaction.commit().unwrap();

    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .filter(|name: &String| !name.starts_with("sqlite_"))
        .collect();
    assert_eq!(
        tables,
        [
            "portcullis_account",
            "portcullis_audit",
            "portcullis_factor",
            "portcullis_factor_tries",
            "portcullis_former_password",
            "portcullis_meta",
            "portcullis_migration",
            "portcullis_outbox",
            "portcullis_rate",
            "portcullis_recovery_code",
            "portcullis_scope_revision",
            "portcullis_session",
            "portcullis_token",
        ]
    );
}
