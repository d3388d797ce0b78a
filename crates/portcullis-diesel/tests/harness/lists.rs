//! A table of the host's own, listed with the list's condition, on either database.

/// Lists `documents`, keyed by UUID, whose SQL type is `$uuid` on the database.
macro_rules! listing {
    ($connection:ty, $uuid:ty, $ddl:literal, $value:expr, $key:expr) => {
        use diesel::connection::SimpleConnection;
        use diesel::prelude::*;
        use portcullis_access::UserKind;
        use portcullis_conformance::{HostList, World};
        use portcullis_diesel::{Lens, Placed, VisibleToDsl};
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
            let visible = || {
                documents::id
                    .visible_to(&me, list.kind)
                    .owned_by(documents::client_id)
            };
            let found = documents::table
                .filter(visible())
                .order((documents::created_at.desc(), documents::id.desc()))
                .select(documents::id)
                .load(connection)
                .unwrap();
            let rows = visible()
                .rows(documents::table)
                .order((documents::created_at.desc(), documents::id.desc()))
                .select(documents::id)
                .load(connection);
            assert_eq!(rows.as_ref(), Ok(&found));
            let count = visible().count(documents::table, 1_000);
            let count: i64 = count.get_result(connection).unwrap();
            assert_eq!(usize::try_from(count), Ok(found.len()));
            let page = visible().page(documents::table, None, 500);
            let page: Vec<Placed<_>> = page.select(documents::id).load(connection).unwrap();
            let mut paged: Vec<_> = page.into_iter().map(|placed| placed.row).collect();
            if list.viewer.kind() == UserKind::Staff {
                // What we do not know is in no order of ours.
                assert!(paged.iter().all(|row| found.contains(row)));
            } else {
                let mut found = found.clone();
                found.sort();
                paged.sort();
                assert_eq!(paged, found);
            }
            found.into_iter().map($key).collect()
        }
    };
}
pub(super) use listing;
