//! The host of `own_tables`, on Diesel: its lists filtered in its own queries, its write and ours in
//! one transaction. The program around it says which database and how a write begins there.

use crate::{Connection, in_transaction};
use diesel::Connection as _;
use diesel::prelude::*;
use portcullis::access::{Catalogue, ContainerKind, Keyed, Kind, UserKind, Users};
use portcullis::diesel::{End, Placed, Store, VisibleToDsl, before};
use portcullis::id::{ClientId, KeyType, ProjectId, Standing, Timestamp, UserId};
use portcullis::ledger::StoreExt;
use portcullis::sharing::Exposure;
use portcullis::{Me, Portal, PortalBuilder, presets};
use std::error::Error;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
/// Vouches for people; the host answers what their account with it amounts to.
const SSO: &str = "the host's sign-on";

diesel::table! {
    documents (id) {
        id -> BigInt,
        client_id -> Nullable<BigInt>,
        project_id -> Nullable<BigInt>,
        title -> Text,
    }
}

const TABLES: &str = "
    CREATE TABLE clients (id BIGINT PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE projects (id BIGINT PRIMARY KEY, client_id BIGINT NOT NULL);
    CREATE TABLE documents (
        id BIGINT PRIMARY KEY, client_id BIGINT, project_id BIGINT, title TEXT NOT NULL
    );
    CREATE INDEX documents_newest ON documents (client_id, id DESC);
    INSERT INTO clients VALUES (1, 'ACME'), (2, 'Birch');
    INSERT INTO projects VALUES (10, 1);
";

/// The host's side and ours, over one database.
pub(crate) struct Host {
    connection: Connection,
    portal: Portal<Store<Connection>>,
    project: ProjectId,
    pub(crate) ada: UserId,
    pub(crate) bob: UserId,
}

impl Host {
    pub(crate) fn found(url: &str) -> Result<Self, Box<dyn Error>> {
        let mut connection = Connection::establish(url)?;
        portcullis::diesel::configure(&mut connection)?;
        diesel::connection::SimpleConnection::batch_execute(&mut connection, TABLES)?;
        let store = Store::open_with_host_tables(url)?;
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
        portal: &Portal<Store<Connection>>,
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
    pub(crate) fn write(
        &mut self,
        by: &Me,
        id: i64,
        title: &str,
        shown: bool,
    ) -> Result<(), Box<dyn Error>> {
        let (portal, project) = (&self.portal, self.project);
        in_transaction(&mut self.connection, |connection| {
            diesel::insert_into(documents::table)
                .values((
                    documents::id.eq(id),
                    documents::client_id.eq(1),
                    documents::project_id.eq(10),
                    documents::title.eq(title),
                ))
                .execute(connection)?;
            let desk = portal.joined(connection, by)?;
            desk.place(Kind::DOCUMENT, id, project)?;
            if shown {
                desk.share(Kind::DOCUMENT, id, Exposure::Shown)?;
            }
            Ok(())
        })
    }

    /// A page of the host's own list, newest first, behind `cursor`: a query of what `me` may see, which
    /// the host's own conditions narrow.
    pub(crate) fn list(
        &mut self,
        me: &Me,
        cursor: Option<i64>,
    ) -> Result<Vec<(i64, String)>, Box<dyn Error>> {
        let visible = documents::id
            .visible_to(self.portal.lens(me), Kind::DOCUMENT)
            .owned_by(documents::client_id)
            .in_container_of(ContainerKind::Project, documents::project_id);
        let page = visible
            .rows(documents::table)
            .filter(documents::title.not_like("draft%"))
            .filter(before((documents::id,), cursor.map(|id| (id,))))
            .order(documents::id.desc())
            .limit(50)
            .select((documents::id, documents::title))
            .load(&mut self.connection)?;
        Ok(page)
    }

    /// The newest that were placed, page by page in our order, and how many there are up to 1,000.
    pub(crate) fn newest(&mut self, me: &Me) -> Result<(Vec<String>, i64), Box<dyn Error>> {
        let visible = documents::id
            .visible_to(self.portal.lens(me), Kind::DOCUMENT)
            .owned_by(documents::client_id);
        let (mut titles, mut after) = (Vec::new(), None);
        loop {
            let page = visible.clone().page(documents::table, after, 2);
            let end = page.end();
            let page: Vec<Placed<String>> =
                page.select(documents::title).load(&mut self.connection)?;
            after = if let Some(last) = page.last() {
                Some(last.token)
            } else {
                // Rows that are gone from the table, perhaps, with others behind them.
                let end: Option<End> = end.get_result(&mut self.connection).optional()?;
                end.map(|end| end.token)
            };
            titles.extend(page.into_iter().map(|placed| placed.row));
            if after.is_none() {
                break;
            }
        }
        let count = visible.count(documents::table, 1_000);
        Ok((titles, count.get_result(&mut self.connection)?))
    }

    pub(crate) fn me(&self, user: UserId) -> Result<Me, Box<dyn Error>> {
        Ok(self.portal.vouched_as(user, SSO, Standing::USABLE, NOW)?)
    }

    /// A row of the host's that nobody told Portcullis about, one that says it is Birch's though
    /// we know it as ACME's, and the two that were placed.
    pub(crate) fn story(&mut self) -> Result<(), Box<dyn Error>> {
        let ada = self.me(self.ada)?;
        self.write(&ada, 100, "plan", true)?;
        self.write(&ada, 101, "margins", false)?;
        self.write(&ada, 102, "moved", true)?;
        diesel::connection::SimpleConnection::batch_execute(
            &mut self.connection,
            "INSERT INTO documents VALUES (103, 1, 10, 'never placed');
             UPDATE documents SET client_id = 2 WHERE id = 102;",
        )?;
        Ok(())
    }

    pub(crate) fn tell(&mut self) -> Result<String, Box<dyn Error>> {
        let (ada, bob) = (self.me(self.ada)?, self.me(self.bob)?);
        let titles = |rows: Vec<(i64, String)>| -> Vec<String> {
            rows.into_iter().map(|(_, title)| title).collect()
        };
        let all = titles(self.list(&ada, None)?);
        let his = titles(self.list(&bob, None)?);
        // Bob may not place documents. His transaction is refused, and the host's row goes with it.
        let refused = self.write(&bob, 104, "smuggled", true);
        let refused = refused.err().map_or_else(String::new, |e| e.to_string());
        let (placed, count) = self.newest(&bob)?;
        let next = titles(self.list(&ada, Some(101))?);
        Ok(format!(
            "Ada, staff of every client: {all:?}\n\
             Bob, a member of the project: {his:?}\n\
             Bob writes: {refused}\n\
             Ada turns the page behind document 101: {next:?}\n\
             Bob, in the order of placing: {placed:?}, {count} in all"
        ))
    }
}

/// What the program prints, and the test expects.
#[cfg(test)]
pub(crate) const TOLD: &str = "Ada, staff of every client: [\"never placed\", \"margins\", \"plan\"]\n\
    Bob, a member of the project: [\"plan\"]\n\
    Bob writes: you may see this, and may not do this with it\n\
    Ada turns the page behind document 101: [\"plan\"]\n\
    Bob, in the order of placing: [\"plan\"], 1 in all";
