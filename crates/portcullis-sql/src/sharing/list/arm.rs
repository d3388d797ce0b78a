use super::sql::Sql;
use super::unfiltered::tied;
use crate::Dialect;
use portcullis_access::{ContainerKind, ContainerKinds};
use portcullis_id::{ItemId, UserId};
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sharing::{Branch, ClientScope, PageToken, Plan};
use uuid::Uuid;

/// The most clients one statement can name; SQLite and PostgreSQL take about twice as many values.
const MOST_CLIENTS: usize = 16_384;

/// Container kinds of which a client has few, so that it pays to ask each of its containers of
/// these kinds. There are many tickets and jobs, and these are met in the order of the list.
const FEW: ContainerKinds = ContainerKinds::NONE
    .with(ContainerKind::Root)
    .with(ContainerKind::Project)
    .with(ContainerKind::Library)
    .with(ContainerKind::Workspace);

/// Leaves out nothing. PostgreSQL plans what is before it by itself, which takes less than half the
/// time that it takes to think about all orders of four tables; SQLite does not understand it.
pub(super) const FENCE: &str = " OFFSET 0";

/// One branch of a plan, on its way to SQL.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arm<'p> {
    plan: &'p Plan,
    branch: &'p Branch,
    after: PageToken,
    limit: u32,
    /// The database it is written for; none for a text that is good for both.
    dialect: Option<Dialect>,
}

/// What a page of a branch is driven by: what is asked for its newest item, one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Driver {
    /// Nothing: the list is one range of one index, read in order.
    Order,
    /// The clients.
    Clients,
    /// The containers of the clients.
    Containers,
    /// The containers granted.
    Grants,
}

impl<'p> Arm<'p> {
    /// The branches of a plan that can hold anything.
    pub(super) fn all(
        plan: &'p Plan,
        after: Option<PageToken>,
        limit: u32,
        dialect: Option<Dialect>,
    ) -> Result<Vec<Self>, StoreError> {
        // The first page starts behind the last row there could be, with the same text.
        let after = after.unwrap_or(PageToken {
            sort: i64::MAX,
            item: ItemId::from_uuid(Uuid::max()),
        });
        let mut arms = Vec::new();
        for branch in &plan.branches {
            match &branch.clients {
                ClientScope::These(clients) if clients.is_empty() => continue,
                ClientScope::These(clients) if clients.len() > MOST_CLIENTS => {
                    return Err(StoreError::new(
                        StoreErrorKind::Misuse,
                        format!(
                            "a list over {} clients named one by one is too long for a statement; give the user the same rights at all of them, or every client",
                            clients.len()
                        ),
                    ));
                }
                _ => {}
            }
            if !branch.containers.is_empty() {
                arms.push(Self {
                    plan,
                    branch,
                    after,
                    limit,
                    dialect,
                });
            }
        }
        Ok(arms)
    }

    pub(super) const fn user(&self) -> UserId {
        self.plan.user
    }

    pub(super) const fn limit(&self) -> u32 {
        self.limit
    }

    pub(super) const fn clients(&self) -> &ClientScope {
        &self.branch.clients
    }

    pub(super) fn driver(&self) -> Driver {
        let few = self.branch.containers.intersection(FEW) == self.branch.containers;
        match &self.branch.clients {
            _ if self.branch.granted_only => Driver::Grants,
            ClientScope::All => Driver::Order,
            _ if few => Driver::Containers,
            ClientScope::These(clients) if clients.len() == 1 => Driver::Order,
            ClientScope::These(_) | ClientScope::Affiliated => Driver::Clients,
        }
    }

    /// Whether [`rows_in_order`](Self::rows_in_order) gives the page by itself.
    pub(super) fn in_order(&self) -> bool {
        self.driver() == Driver::Order
    }

    /// Whether that is the range of what is open to one client.
    pub(super) fn open_to_one_client(&self) -> bool {
        self.in_order() && self.branch.open_only && self.branch.clients != ClientScope::All
    }

    /// The sort and id of the newest rows, at most the limit, as a whole SELECT.
    ///
    /// Where the innermost loop is in the order of the list, SQLite leaves it at the first row that
    /// cannot be on the page any more, which is what [`heads`](super::heads) does by hand for
    /// PostgreSQL, at a fifth of the cost.
    pub(super) fn newest(&self, sql: &mut Sql) {
        let what = "i.sort AS sort, i.id AS id";
        match (self.driver(), self.dialect) {
            (Driver::Order, _) | (Driver::Containers | Driver::Grants, Some(Dialect::Sqlite)) => {
                self.each(sql, what);
                self.behind(sql, "i");
                self.newest_first(sql, "i");
            }
            _ => self.newest_of_heads(sql),
        }
    }

    /// Each row of the branch, in no order, as a whole SELECT of `what`.
    pub(super) fn each(&self, sql: &mut Sql, what: &str) {
        self.each_of(sql, false, |sql| {
            sql.push(what);
        });
    }

    /// The same of what the last pushes, of the aliases `i` and `c`; the containers granted behind a
    /// [`FENCE`] where that is asked for.
    pub(super) fn each_of(&self, sql: &mut Sql, fenced: bool, what: impl FnOnce(&mut Sql)) {
        let (item, container) = ("portcullis_item AS i", "portcullis_container AS c");
        let grants = "portcullis_membership AS m";
        let from: &[&str] = match self.driver() {
            Driver::Order | Driver::Clients => &[item, container],
            Driver::Containers => &[container, item],
            Driver::Grants => &[grants, container, item],
        };
        sql.push("SELECT ");
        what(sql);
        sql.push(" FROM ");
        if fenced && self.driver() == Driver::Grants {
            sql.push("(SELECT c.* FROM ")
                .push(&[grants, container].join(" CROSS JOIN "))
                .push(" WHERE c.id = m.container_id");
            self.granted(sql);
            self.of_clients(sql, "c");
            self.container(sql, "c");
            sql.push(FENCE).push(") AS c CROSS JOIN ").push(item);
            sql.push(" WHERE i.container_id = c.id AND ");
            self.item(sql, "i");
            self.clear_of(sql, "i", "c");
            return;
        }
        sql.push(&from.join(" CROSS JOIN "))
            .push(" WHERE i.container_id = c.id");
        match self.driver() {
            Driver::Order | Driver::Clients => self.of_clients(sql, "i"),
            Driver::Containers => self.of_clients(sql, "c"),
            Driver::Grants => {
                sql.push(" AND c.id = m.container_id");
                self.granted(sql);
                self.of_clients(sql, "c");
            }
        }
        sql.push(" AND ");
        self.item(sql, "i");
        match self.driver() {
            Driver::Order | Driver::Clients => self.container_of(sql, "i", "c"),
            Driver::Containers | Driver::Grants => self.container(sql, "c"),
        }
        self.clear_of(sql, "i", "c");
    }

    /// The conditions on an item and its container, joined already, with no driver.
    pub(super) fn rows_in_order(&self, sql: &mut Sql, item: &str, container: &str) {
        self.item(sql, item);
        self.behind(sql, item);
        self.of_clients(sql, item);
        self.container_of(sql, item, container);
        self.clear_of(sql, item, container);
    }

    /// The limit is cast because SQLite looks at a bare `LIMIT ?` and prepares the statement anew for
    /// every value, which costs more than the page.
    pub(super) fn newest_first(&self, sql: &mut Sql, item: &str) {
        sql.with(
            " ORDER BY @.sort DESC, @.id DESC LIMIT CAST(? AS BIGINT)",
            item,
        )
        .bind(self.limit);
    }

    /// Whether it is written for SQLite alone.
    pub(super) fn for_sqlite(&self) -> bool {
        self.dialect == Some(Dialect::Sqlite)
    }

    /// Whether only what was granted is in the branch.
    pub(super) const fn granted_only(&self) -> bool {
        self.branch.granted_only
    }

    /// Whether the branch asks nothing of a container.
    pub(super) fn any_container(&self) -> bool {
        self.branch.containers == ContainerKinds::ALL
            && !self.branch.granted_only
            && !self.branch.open_only
    }

    /// Whether the other asks the same of an item, its container apart.
    pub(super) fn same_items(&self, other: &Self) -> bool {
        self.branch.clients == other.branch.clients
            && self.branch.barred == other.branch.barred
            && self.branch.open_only == other.branch.open_only
    }

    /// What the container of an item must be, both joined already, behind another condition.
    pub(super) fn of_containers(&self, sql: &mut Sql, item: &str, container: &str) {
        self.container(sql, container);
        self.clear_of(sql, item, container);
        if self.branch.granted_only {
            sql.with(
                " AND EXISTS (SELECT 1 FROM portcullis_membership AS m WHERE m.container_id = @.id",
                container,
            );
            self.granted(sql);
            sql.push(")");
        }
    }

    /// What an item must be, its container apart. `open = 1` stands in the text, because that is
    /// how an index of open items alone is chosen.
    pub(super) fn item(&self, sql: &mut Sql, item: &str) {
        sql.with("@.kind = ? AND ", item)
            .bind(i64::from(self.plan.kind.number()));
        self.of_paths(sql, item);
    }

    /// What an item must be, its kind and container apart.
    pub(super) fn of_paths(&self, sql: &mut Sql, item: &str) {
        if self.branch.open_only {
            sql.with("@.open = 1 AND ", item);
        }
        self.disjoint(sql, |sql| {
            sql.with("@.path & ?", item);
        });
        sql.bind(self.branch.barred.bits());
    }

    /// Behind the last row of the page before.
    pub(super) fn behind(&self, sql: &mut Sql, item: &str) {
        sql.with(" AND (@.sort, @.id) < (?, ?)", item)
            .bind(self.after.sort)
            .bind(self.after.item);
    }

    /// What a container must be.
    pub(super) fn container(&self, sql: &mut Sql, container: &str) {
        if self.branch.containers != ContainerKinds::ALL {
            let kinds: Vec<i64> = self
                .branch
                .containers
                .iter()
                .map(|kind| i64::from(kind.number()))
                .collect();
            sql.with(" AND @.kind IN ", container).set(&kinds);
        }
        if self.branch.open_only {
            sql.with(" AND @.open = 1", container);
        }
    }

    /// What the container must be of an item that is read before it.
    pub(super) fn container_of(&self, sql: &mut Sql, item: &str, container: &str) {
        let any = self.branch.containers == ContainerKinds::ALL && !self.branch.open_only;
        if !self.for_sqlite() || any {
            return self.container(sql, container);
        }
        sql.push(" AND ");
        tied(sql, &format!("{item}.container_id"), |sql| {
            sql.push("1 = 1");
            self.container(sql, container);
        });
    }

    /// The areas closed in the container are not on the item's path.
    pub(super) fn clear_of(&self, sql: &mut Sql, item: &str, container: &str) {
        if self.branch.open_only {
            sql.push(" AND ");
            self.disjoint(sql, |sql| {
                sql.with("@.path & ", item).with("@.closed", container);
            });
        }
    }

    /// The client of an item or container is in the branch.
    pub(super) fn of_clients(&self, sql: &mut Sql, of: &str) {
        if self.branch.clients != ClientScope::All {
            sql.with(" AND @.client_id", of);
            self.client_in_scope(sql);
        }
    }

    /// What follows the name of a client's column; nothing where every client is in scope.
    pub(super) fn client_in_scope(&self, sql: &mut Sql) {
        match &self.branch.clients {
            ClientScope::All => {}
            ClientScope::These(clients) => match clients.as_slice() {
                [only] => {
                    sql.push(" = ?").bind(*only);
                }
                _ => {
                    sql.push(" IN ").set(clients);
                }
            },
            ClientScope::Affiliated => {
                sql.push(" IN (SELECT a.client_id FROM portcullis_affiliation AS a WHERE ");
                self.affiliated(sql);
                sql.push(")");
            }
        }
    }

    /// Whether the client with this id is in the branch, asked of one client at a time.
    pub(super) fn reaches(&self, sql: &mut Sql, client: &str) {
        match &self.branch.clients {
            ClientScope::Affiliated => {
                sql.push("EXISTS (SELECT 1 FROM portcullis_affiliation AS a WHERE a.client_id = ")
                    .push(client)
                    .push(" AND ");
                self.affiliated(sql);
                sql.push(")");
            }
            ClientScope::All => {
                sql.push("1 = 1");
            }
            ClientScope::These(_) => {
                sql.push(client);
                self.client_in_scope(sql);
            }
        }
    }

    /// A live affiliation of the plan's user, of the alias `a`.
    fn affiliated(&self, sql: &mut Sql) {
        sql.push("a.user_id = ? AND a.paused = 0 AND (a.until IS NULL OR a.until > ?)")
            .bind(self.plan.user)
            .bind(self.plan.now);
    }

    /// A live grant of the plan's user, of the alias `m`.
    pub(super) fn granted(&self, sql: &mut Sql) {
        sql.push(" AND m.user_id = ? AND (m.until IS NULL OR m.until > ?)")
            .bind(self.plan.user)
            .bind(self.plan.now);
    }

    /// Two sets of kinds, given as what they share, share nothing.
    ///
    /// As good as every row passes. Of `= 0` PostgreSQL believes that one in 200 does, thinks that a
    /// page is all there is, and reads and sorts the whole list; of what is `<> 0` it knows better.
    fn disjoint(&self, sql: &mut Sql, shared: impl FnOnce(&mut Sql)) {
        let (before, behind) = match self.dialect {
            Some(Dialect::Sqlite) => ("(", ") = 0"),
            Some(Dialect::Postgres) | None => ("CASE ", " WHEN 0 THEN 1 ELSE 0 END <> 0"),
        };
        sql.push(before);
        shared(sql);
        sql.push(behind);
    }
}
