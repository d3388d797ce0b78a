//! The host's rows and ours, in one transaction.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};
use portcullis::access::{Catalogue, Keyed, Kind};
use portcullis::desk::HostTransaction;
use portcullis::id::{KeyType, ProjectId, Standing, UserId};
use portcullis::{Me, Portal, PortalBuilder, presets};
use portcullis_conformance::NOW;
use portcullis_conformance::postgres::Server;
use portcullis_diesel::{HostConnection, Store, configure};
use portcullis_ledger::{Ledger, Scope, StoreExt};

/// A host's connection beside a portal over the same database.
struct Host<C: HostConnection + diesel::r2d2::R2D2Connection + 'static> {
    connection: C,
    portal: Portal<Store<C>>,
    project: ProjectId,
    me: Me,
}

impl<C: HostConnection + diesel::r2d2::R2D2Connection + 'static> Host<C> {
    fn at(url: &str) -> Self {
        let mut connection = C::establish(url).unwrap();
        configure(&mut connection).unwrap();
        connection
            .batch_execute("CREATE TABLE documents (id BIGINT PRIMARY KEY)")
            .unwrap();
        let store = Store::<C>::open_with_host_tables(url).unwrap();
        store.migrate(NOW).unwrap();
        let catalogue = Catalogue::built_in()
            .keyed_by(Keyed::Clients, KeyType::Int)
            .with_keys(Kind::DOCUMENT, KeyType::Int)
            .unwrap();
        let mut profile = presets::safe();
        profile.access.starts_active = true;
        let portal = PortalBuilder::new(profile)
            .catalogue(catalogue)
            .open(store)
            .unwrap();
        let desk = portal.operator("setup", NOW);
        drop(desk.found("Ada", "ada@provider.example").unwrap());
        let acme = desk.clients().add_with_key("ACME", 1).unwrap();
        let project = desk.projects(acme).add("Website").unwrap();
        let users = portal.store().read(portcullis::access::Users::users);
        let ada: UserId = users.unwrap().first().unwrap().id;
        let me = portal
            .vouched_as(ada, "sso", Standing::USABLE, NOW)
            .unwrap();
        Self {
            connection,
            portal,
            project,
            me,
        }
    }

    fn insert(connection: &mut C, id: i64) {
        connection
            .batch_execute(&format!("INSERT INTO documents VALUES ({id})"))
            .unwrap();
    }

    fn known(&self, id: i64) -> bool {
        self.portal.find(&self.me, Kind::DOCUMENT, id).is_ok()
    }
}

/// Ok keeps both rows, a rollback neither; a refused call leaves the transaction usable.
fn kept_or_lost_together<C>(url: &str)
where
    C: HostConnection + diesel::r2d2::R2D2Connection + 'static,
    for<'c> &'c mut C: HostTransaction<'c>,
{
    let mut host = Host::<C>::at(url);
    let (portal, me, project) = (&host.portal, &host.me, host.project);
    let rolled_back = host.connection.transaction(|connection| {
        Host::insert(connection, 1);
        let desk = portal.joined(connection, me).unwrap();
        desk.place(Kind::DOCUMENT, 1, project).unwrap();
        Err::<(), _>(diesel::result::Error::RollbackTransaction)
    });
    assert!(rolled_back.is_err());
    let committed = host.connection.transaction(|connection| {
        Host::insert(connection, 2);
        {
            let desk = portal.joined(&mut *connection, me).unwrap();
            desk.place(Kind::DOCUMENT, 2, project).unwrap();
            // The key is taken: refused, and nothing else is.
            assert!(desk.place(Kind::DOCUMENT, 2, project).is_err());
            desk.place(Kind::DOCUMENT, 3, project).unwrap();
        }
        Host::insert(connection, 3);
        Ok::<_, diesel::result::Error>(())
    });
    committed.unwrap();
    assert_eq!([1, 2, 3].map(|id| host.known(id)), [false, true, true]);
    let outside = host.portal.joined(&mut host.connection, &host.me);
    assert!(outside.is_err(), "in no transaction");
    let verified = host.portal.operator("verify", NOW).verify().unwrap();
    assert!(verified.is_empty(), "{verified:?}");
}

#[test]
fn rows_of_host_and_portal_are_kept_or_lost_together_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.db");
    kept_or_lost_together::<SqliteConnection>(file.to_str().unwrap());
}

#[test]
fn rows_of_host_and_portal_are_kept_or_lost_together_on_a_server() {
    if let Some(server) = Server::shared() {
        kept_or_lost_together::<PgConnection>(server.database().url());
    }
}

#[test]
fn a_panic_in_a_joined_call_undoes_that_call_alone() {
    let Some(server) = Server::shared() else {
        return;
    };
    let mut host = Host::<PgConnection>::at(server.database().url());
    let before = host
        .portal
        .store()
        .read(|tx| tx.revision(Scope::Policy))
        .unwrap();
    host.connection
        .transaction(|connection| {
            let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                portcullis_diesel::joined(
                    connection,
                    |tx| -> Result<(), portcullis_ledger::StoreError> {
                        tx.bump(Scope::Policy)?;
                        panic!("in the middle");
                    },
                )
            }));
            assert!(panicked.is_err());
            Host::insert(connection, 7);
            Ok::<_, diesel::result::Error>(())
        })
        .unwrap();
    let after = host
        .portal
        .store()
        .read(|tx| tx.revision(Scope::Policy))
        .unwrap();
    assert_eq!(after, before);
    let again = host
        .connection
        .batch_execute("INSERT INTO documents VALUES (7)");
    assert!(again.is_err(), "the host's row was kept");
}
