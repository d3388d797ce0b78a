//! A host with tables of its own: its lists filtered, its write and ours in one transaction.
//!
//! The host keeps `clients`, `projects` and `documents` with integer keys in one SQLite file with
//! the portal's tables. It lists its own rows with our condition in its own `WHERE`, and places a
//! document in the transaction that inserts it.
#![expect(clippy::print_stdout, reason = "a program that shows something")]

use portcullis::access::{Catalogue, ContainerKind, Keyed, Kind, UserKind, Users};
use portcullis::id::{ClientId, KeyType, ProjectId, Standing, Timestamp, UserId};
use portcullis::ledger::StoreExt;
use portcullis::rusqlite::{Store, configure, values};
use portcullis::sharing::Exposure;
use portcullis::{Me, Portal, PortalBuilder, presets};
use rusqlite::{Connection, params_from_iter};
use std::error::Error;
use std::path::Path;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
/// Vouches for people; the host answers what their account with it amounts to.
const SSO: &str = "the host's sign-on";

/// The host's side and ours, over one file.
struct Host {
    connection: Connection,
    portal: Portal<Store>,
    project: ProjectId,
    ada: UserId,
    bob: UserId,
}

impl Host {
    fn found(file: &Path) -> Result<Self, Box<dyn Error>> {
        let connection = Connection::open(file)?;
        configure(&connection)?;
        connection.execute_batch(
            "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
             CREATE TABLE projects (id INTEGER PRIMARY KEY, client_id INTEGER NOT NULL) STRICT;
             CREATE TABLE documents (
                 id INTEGER PRIMARY KEY, client_id INTEGER, project_id INTEGER, title TEXT NOT NULL
             ) STRICT;
             CREATE INDEX documents_newest ON documents (client_id, id DESC);
             INSERT INTO clients VALUES (1, 'ACME'), (2, 'Birch');
             INSERT INTO projects VALUES (10, 1);",
        )?;
        let store = Store::open_with_host_tables(file)?;
        store.migrate(NOW)?;
        let catalogue = Catalogue::built_in()
            .keyed_by(Keyed::Clients, KeyType::Int)
            .keyed_by(Keyed::Containers(ContainerKind::Project), KeyType::Int)
            .with_keys(Kind::DOCUMENT, KeyType::Int)?;
        let mut profile = presets::safe();
        profile.access.starts_active = true;
        let portal = PortalBuilder::new(profile)
            .catalogue(catalogue)
            .open(store)?;

        let desk = portal.operator("setup", NOW);
        let invitation = desk.found("Ada", "ada@provider.example")?;
        drop(invitation);
        let acme = desk.clients().add_with_key("ACME", 1)?;
        desk.clients().add_with_key("Birch", 2)?;
        let project = desk.projects(acme).add_with_key("Website", 10)?;
        desk.projects(acme).share(project, Exposure::Shown)?;
        let bob = Self::member(&portal, acme, project)?;
        let users = portal.store().read(Users::users)?;
        let staff = users.iter().find(|user| user.kind == UserKind::Staff);
        let ada = staff.ok_or("one was founded")?.id;
        Ok(Self {
            connection,
            portal,
            project,
            ada,
            bob,
        })
    }

    fn member(
        portal: &Portal<Store>,
        client: ClientId,
        project: ProjectId,
    ) -> Result<UserId, Box<dyn Error>> {
        let desk = portal.operator("setup", NOW);
        let contact = desk.contacts(client).add("Bob", "bob@acme.example")?;
        let added = desk.members(project).add(contact)?;
        desk.set_rights(added.user, &["documents.view"])?;
        Ok(added.user)
    }

    /// One transaction: the host's row and ours commit together, or neither does.
    fn write(&mut self, by: &Me, id: i64, title: &str, shown: bool) -> Result<(), Box<dyn Error>> {
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO documents (id, client_id, project_id, title) VALUES (?, 1, 10, ?)",
            (id, title),
        )?;
        let desk = self.portal.joined(&transaction, by)?;
        desk.place(Kind::DOCUMENT, id, self.project)?;
        if shown {
            desk.share(Kind::DOCUMENT, id, Exposure::Shown)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// The host's own list, with our condition in its `WHERE`.
    fn list(&self, me: &Me) -> Result<Vec<String>, Box<dyn Error>> {
        let visible = self
            .portal
            .visible_to(me, Kind::DOCUMENT)
            .column("d.id")
            .owned_by("d.client_id")
            .in_container_of(ContainerKind::Project, "d.project_id")
            .sql()?;
        let sql = visible.query(
            "SELECT d.title FROM documents d",
            "d.title NOT LIKE 'draft%'",
            "ORDER BY d.id DESC LIMIT 50",
        )?;
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values(&visible)), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn me(&self, user: UserId) -> Result<Me, Box<dyn Error>> {
        Ok(self.portal.vouched_as(user, SSO, Standing::USABLE, NOW)?)
    }

    /// A row of the host's that nobody told Portcullis about, one that says it is Birch's though
    /// we know it as ACME's, and the two that were placed.
    fn story(&mut self) -> Result<(), Box<dyn Error>> {
        let ada = self.me(self.ada)?;
        self.write(&ada, 100, "plan", true)?;
        self.write(&ada, 101, "margins", false)?;
        self.write(&ada, 102, "moved", true)?;
        self.connection.execute_batch(
            "INSERT INTO documents VALUES (103, 1, 10, 'never placed');
             UPDATE documents SET client_id = 2 WHERE id = 102;",
        )?;
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut host = Host::found(&folder.path().join("host.db"))?;
    host.story()?;
    let (ada, bob) = (host.me(host.ada)?, host.me(host.bob)?);
    println!("Ada, staff of every client: {:?}", host.list(&ada)?);
    println!("Bob, a member of the project: {:?}", host.list(&bob)?);

    // Bob may not place documents. His transaction is refused, and the host's row goes with it.
    let refused = host.write(&bob, 104, "smuggled", true);
    println!(
        "Bob writes: {}",
        refused
            .err()
            .map_or_else(String::new, |error| error.to_string())
    );
    println!("Ada still sees: {:?}", host.list(&ada)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_see_what_we_do_not_know_and_nobody_sees_what_disagrees() {
        let folder = tempfile::tempdir().unwrap();
        let mut host = Host::found(&folder.path().join("host.db")).unwrap();
        host.story().unwrap();
        let (ada, bob) = (host.me(host.ada).unwrap(), host.me(host.bob).unwrap());
        assert_eq!(
            host.list(&ada).unwrap(),
            ["never placed", "margins", "plan"]
        );
        assert_eq!(host.list(&bob).unwrap(), ["plan"]);
    }

    #[test]
    fn a_refused_call_takes_the_hosts_row_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut host = Host::found(&folder.path().join("host.db")).unwrap();
        host.story().unwrap();
        let bob = host.me(host.bob).unwrap();
        assert!(host.write(&bob, 104, "smuggled", true).is_err());
        let rows: i64 = host
            .connection
            .query_row("SELECT COUNT(*) FROM documents WHERE id = 104", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(rows, 0);
        let ada = host.me(host.ada).unwrap();
        host.write(&ada, 104, "placed", true).unwrap();
        assert_eq!(host.list(&bob).unwrap(), ["placed", "plan"]);
    }
}
