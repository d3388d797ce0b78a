//! A table of the host's own, listed with the list's condition, on either database.

/// Lists `documents`, keyed by UUID, whose SQL type is `$uuid` on the database.
macro_rules! listing {
    ($connection:ty, $uuid:ty, $ddl:literal, $value:expr, $key:expr) => {
        use diesel::connection::SimpleConnection;
        use diesel::prelude::*;
        use portcullis_conformance::{HostList, World};
        use portcullis_diesel::{Lens, VisibleToDsl};
        use portcullis_id::{HostKey, KeyUuid};

        diesel::table! {
            documents (id) {
                id -> $uuid,
                client_id -> Nullable<BigInt>,
                created_at -> BigInt,
            }
        }

        /// Writes the host's table anew and lists it, newest first.
        pub(super) fn listed(connection: &mut $connection, list: &HostList<'_>) -> Vec<HostKey> {
            connection
                .batch_execute(concat!("DROP TABLE IF EXISTS documents;", $ddl))
                .unwrap();
            for row in list.rows {
                let HostKey::Uuid(KeyUuid(key)) = row.key else {
                    panic!("a document is keyed by UUID");
                };
                let owner = row.owner.as_ref().map(|owner| match owner {
                    HostKey::Int(owner) => *owner,
                    other => panic!("a client is keyed by a number, not {other}"),
                });
                diesel::insert_into(documents::table)
                    .values((
                        documents::id.eq($value(key)),
                        documents::client_id.eq(owner),
                        documents::created_at.eq(row.created_at.millis()),
                    ))
                    .execute(connection)
                    .unwrap();
            }
            let catalogue = World::catalogue();
            let me = Lens::new(list.viewer, &catalogue, list.now);
            let found = documents::table
                .filter(
                    documents::id
                        .visible_to(&me, list.kind)
                        .owned_by(documents::client_id),
                )
                .order((documents::created_at.desc(), documents::id.desc()))
                .select(documents::id)
                .load(connection)
                .unwrap();
            found.into_iter().map($key).collect()
        }
    };
}
pub(super) use listing;
