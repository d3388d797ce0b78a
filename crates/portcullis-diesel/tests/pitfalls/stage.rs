use portcullis_diesel::{HostConnection, Joined};
use portcullis_id::{MailId, Timestamp, UserId};
use portcullis_ledger::{Ledger, Mail, Recipient, Revision, Scope, StoreError};
use portcullis_sql::SqlTx;
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// Our tables beside the host's `documents`.
pub(crate) fn migrate<C: HostConnection>(connection: &mut C) {
    connection
        .transaction::<_, diesel::result::Error, _>(|connection| {
            connection.batch_execute(
                "CREATE TABLE documents (id BIGINT PRIMARY KEY, title TEXT NOT NULL)",
            )?;
            let mut joined = Joined::new(connection).unwrap();
            Migrator::new(sets(), Tenancy::Shared)
                .migrate(&mut joined, NOW)
                .unwrap();
            Ok(())
        })
        .unwrap();
}

pub(crate) fn bump<C: HostConnection>(tx: &mut SqlTx<Joined<'_, C>>) -> Result<i64, StoreError> {
    tx.bump(Scope::Policy).map(Revision::number)
}

pub(crate) fn mail(number: u128) -> Mail {
    Mail {
        id: MailId::from_uuid(Uuid::from_u128(number)),
        at: NOW,
        to: Recipient::User(UserId::from_uuid(Uuid::from_u128(1))),
        event: "test".to_owned(),
        item: None,
        container: None,
        sealed: None,
    }
}
