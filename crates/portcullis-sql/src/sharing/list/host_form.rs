//! The forms of a condition over a host's table, and when each is written.
//!
//! What a list is driven by is chosen here and forced by the text, so that neither planner has to
//! guess what it cannot know, and no plan made for one person is bad for the next:
//!
//! - *few grants*, and lists without an owner column: by our lists. The keys of the rows are read
//!   from our own indexes, and the host's table is asked for these alone;
//! - *one client*: by the host's index over the owner, in the order of the host's list;
//! - *up to 64 clients*: by the same index, one client after the other;
//! - *more, or every client*: by the order of the host's list. `IS TRUE` around the owner keeps both
//!   planners from one seek a client and a sort of all they own. The owner is looked up in the keys
//!   of the viewer's clients, read once, or, beyond 1,000 clients, row by row.
//!
//! A statement without an order is driven by grants and clients of any number. A count that ends at
//! a cap joins our lists with the host's table, and so reads neither further than it must, and a
//! list for SQLite alone joins our rows with the host's: see [`Joined`].

use super::arm::Arm;
use super::joined::Joined;
use super::sql::Sql;
use super::unfiltered::tied;
use crate::{Dialect, Val, key};
use portcullis_access::ContainerKind;
use portcullis_id::KeyType;
use portcullis_sharing::{ClientScope, Plan};
use uuid::Uuid;

/// Up to this many clients the keys of all are read before the first row is looked at; it takes as
/// long as looking up the owners of the rows that a page of so many clients steps over.
const MOST_KEYS: usize = 1_000;

/// Ends a correlated EXISTS that PostgreSQL must leave where it stands. It would make a join of it
/// or a table of all items, either of which it can believe to be cheaper than a page.
const PER_ROW: &str = " LIMIT 1 OFFSET 0)";

/// How a row of ours is come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// By a question of its own for each row of the host's.
    Asked,
    /// It stands beside the host's.
    Joined,
}

/// What a statement asks of a list beside its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// The newest of them.
    Order,
    /// No order, so that nothing is gained by keeping one.
    AnyOrder,
    /// How many there are, up to a cap.
    Number,
}

/// The host's columns, each with the type of the key of ours that it must equal, and what is known
/// of the viewer.
pub(super) struct Host<'a> {
    /// The policy revision the viewer was read at.
    pub(super) revision: i64,
    pub(super) staff: bool,
    /// The number of clients the viewer is affiliated with; none for every client.
    pub(super) clients: Option<usize>,
    /// Whether the viewer carries its grants, because they are few.
    pub(super) carried: bool,
    pub(super) asks: Asks,
    /// The database it is written for; none for a text that is good for both.
    pub(super) dialect: Option<Dialect>,
    pub(super) item: (&'a str, KeyType),
    pub(super) owner: Option<(&'a str, KeyType)>,
    pub(super) container: Option<(Option<ContainerKind>, &'a str, KeyType)>,
}

impl Host<'_> {
    /// The condition, without parentheses, and the same as a join where that is quicker.
    pub(super) fn condition(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>]) -> Option<Joined> {
        if arms.is_empty() {
            sql.push("1 = 0");
            return None;
        }
        let granted = arms.iter().all(Arm::granted_only);
        let by_lists = match self.asks {
            Asks::Order => granted && self.carried,
            Asks::AnyOrder => granted,
            // A join with our list is twice as quick on SQLite as looking up each of the host's rows,
            // and up to a half slower on PostgreSQL.
            Asks::Number => granted || self.dialect == Some(Dialect::Sqlite),
        };
        if !self.shows_unknown() && (by_lists || self.owner.is_none()) {
            return self.listed(sql, arms);
        }
        self.looked_up(sql, plan, arms, Rows::Asked);
        // Of a few clients SQLite reads one after another, and leaves each as soon as the page is full;
        // not with a join behind the host's table.
        let few = (2..=ClientScope::NAMED).contains(&self.number(arms));
        (self.dialect == Some(Dialect::Sqlite) && !few)
            .then(|| self.beside(&sql.values, plan, arms))
            .flatten()
    }

    /// Each row of the host's is looked up among ours.
    pub(super) fn looked_up(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>], rows: Rows) {
        match self.owner.filter(|_| self.clients.is_some()) {
            Some(owner) => self.current_in_scope(sql, arms, owner),
            None => self.current(sql),
        }
        sql.push(" AND ");
        if self.shows_unknown() {
            self.not_barred(sql, plan, arms, rows);
        } else {
            self.in_granted(sql, arms);
            self.known(sql, plan, arms, rows);
        }
    }

    /// Whether what we do not know is theirs to see.
    pub(super) const fn shows_unknown(&self) -> bool {
        self.clients.is_none() || self.staff && self.owner.is_some()
    }

    /// Nobody's rights have changed since the viewer was read.
    pub(super) fn current(&self, sql: &mut Sql) {
        sql.push("(SELECT portcullis_m.policy_revision FROM portcullis_meta AS portcullis_m WHERE portcullis_m.id = 1) = ?")
            .bind(self.revision);
    }

    /// The container column names something granted, which is read once: what lies elsewhere is left
    /// out before any row of ours is looked up. It stands beside the check of each row, not for it.
    fn in_granted(&self, sql: &mut Sql, arms: &[Arm<'_>]) {
        let Some((kind, column, key)) = self.container else {
            return;
        };
        if self.asks != Asks::Order || !arms.iter().all(Arm::granted_only) {
            return;
        }
        let granted = |sql: &mut Sql, arm: &Arm<'_>| {
            sql.push(" FROM portcullis_membership AS m CROSS JOIN portcullis_container AS c WHERE c.id = m.container_id");
            arm.granted(sql);
            arm.container(sql, "c");
            sql.push(" AND ");
        };
        // IS TRUE keeps SQLite from a search for each half of it.
        sql.push("(")
            .push(&self.in_bytes(column, key))
            .push(" IN (");
        sql.join(arms, " UNION ALL ", |sql, arm| {
            sql.with("SELECT c.@", name(key));
            granted(sql, arm);
            named(sql, kind, "c");
        });
        sql.with(") OR @ IS NULL AND (", column);
        sql.join(arms, " OR ", |sql, arm| {
            sql.push("EXISTS (SELECT 1");
            if kind.is_some() {
                granted(sql, arm);
                sql.push("NOT ");
                named(sql, kind, "c");
            } else {
                // The root of a client is found by the client; the grants may be many.
                sql.push(" FROM portcullis_container AS c CROSS JOIN portcullis_membership AS m WHERE c.kind < 1 AND m.container_id = c.id");
                arm.of_clients(sql, "c");
                arm.granted(sql);
            }
            sql.push(")");
        });
        sql.push(")) IS TRUE AND ");
    }

    /// The owner is one of the viewer's clients, and nobody's rights have changed. Where the clients
    /// are read once, so is that: a viewer that is out of date has none.
    pub(super) fn current_in_scope(
        &self,
        sql: &mut Sql,
        arms: &[Arm<'_>],
        (owner, key): (&str, KeyType),
    ) {
        let scopes = scopes(arms);
        let number = self.number(arms);
        let unordered = self.asks != Asks::Order;
        if number > MOST_KEYS && !unordered {
            self.current(sql);
            sql.push(" AND ").with(
                "EXISTS (SELECT 1 FROM portcullis_client AS portcullis_k WHERE portcullis_k.@ = ",
                name(key),
            )
            .push(&self.as_ours(owner, key))
            .push(" AND (");
            sql.join(&scopes, " OR ", |sql, arm| {
                arm.reaches(sql, "portcullis_k.id");
            });
            sql.push(")").push(PER_ROW);
            return;
        }
        let (before, compared, behind) = match number {
            1 => ("", " = ", ""),
            _ if number <= ClientScope::NAMED || unordered && number <= MOST_KEYS => {
                ("", " IN ", "")
            }
            _ => ("(", " IN ", ") IS TRUE"),
        };
        let keys = |sql: &mut Sql| {
            sql.push(compared).with(
                "(SELECT @ FROM portcullis_client AS portcullis_k WHERE ",
                &self.as_theirs("portcullis_k", key),
            );
            sql.push("(");
            sql.join(&scopes, " OR ", |sql, arm| {
                sql.push("portcullis_k.id");
                arm.client_in_scope(sql);
            });
            sql.push(") AND ");
            self.current(sql);
            sql.push(")");
        };
        sql.push(before).push(owner);
        keys(sql);
        sql.push(behind);
        if key == KeyType::Text {
            // In a CASE because it leaves out next to nothing, which PostgreSQL would not believe.
            sql.with(" AND CASE WHEN @", &self.in_bytes(owner, key));
            keys(sql);
            sql.push(" THEN 1 ELSE 0 END <> 0");
        }
    }

    /// We have a row of this key, and it is in the plan.
    pub(super) fn known(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>], rows: Rows) {
        if rows == Rows::Joined {
            // Of one client there are never more rows than we have in all.
            if self.number(arms) == 1 {
                return self.in_plan(sql, arms, rows);
            }
            let (column, _) = self.item;
            return tied(sql, column, |sql| self.in_plan(sql, arms, rows));
        }
        // SQLite is quickest with a join; of one client's rows PostgreSQL believes that they are few.
        let one = self.number(arms) == 1 && self.dialect != Some(Dialect::Postgres);
        sql.push("EXISTS (SELECT 1 FROM portcullis_item AS portcullis_i WHERE ");
        self.this_item(sql, plan);
        sql.push(" AND ");
        self.in_plan(sql, arms, rows);
        sql.push(if one { ")" } else { PER_ROW });
    }

    /// We have no row of this key that is not in the plan: what we do not know is staff's to see.
    fn not_barred(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>], rows: Rows) {
        if rows == Rows::Joined {
            sql.push("CASE WHEN portcullis_i.id IS NULL THEN 1 ELSE ");
            self.in_plan(sql, arms, rows);
            sql.push(" END");
            return;
        }
        sql.push("NOT EXISTS (SELECT 1 FROM portcullis_item AS portcullis_i WHERE ");
        self.this_item(sql, plan);
        sql.push(" AND (");
        self.in_plan(sql, arms, rows);
        sql.push(") IS NOT TRUE").push(PER_ROW);
    }

    /// Our row of the kind and key, known or not. There are few kinds, so their numbers stand in the
    /// text.
    pub(super) fn this_item(&self, sql: &mut Sql, plan: &Plan) {
        let (column, key) = self.item;
        sql.push(&format!(
            "portcullis_i.kind = {} AND portcullis_i.{} = {}",
            plan.kind.number(),
            name(key),
            self.as_ours(column, key)
        ));
    }

    /// Our row is in one of the arms, and the host's columns agree with it.
    fn in_plan(&self, sql: &mut Sql, arms: &[Arm<'_>], rows: Rows) {
        let alike = arms
            .first()
            .filter(|first| arms.iter().all(|arm| arm.same_items(first)));
        // The owner is in scope: whoever owns the row as we know it is in scope too.
        let agreed = self.owner.is_some() && alike.is_some() && self.number(arms) != 1;
        let items = |sql: &mut Sql, arm: &Arm<'_>| {
            arm.of_paths(sql, "portcullis_i");
            if !agreed {
                arm.of_clients(sql, "portcullis_i");
            }
        };
        match alike {
            Some(first) => items(sql, first),
            None => {
                sql.push("1 = 1");
            }
        }
        self.owner_agrees(sql, arms, rows);
        if !self.asks_containers(arms) {
            if alike.is_none() {
                sql.push(" AND (");
                sql.join(arms, " OR ", items);
                sql.push(")");
            }
            return;
        }
        sql.push(match rows {
            Rows::Asked => " AND (SELECT ",
            Rows::Joined => " AND ",
        });
        if let Some((kind, column, key)) = self.container {
            sql.push("CASE WHEN ");
            named(sql, kind, "portcullis_c");
            sql.with(" THEN portcullis_c.@ = ", name(key))
                .push(&self.as_ours(column, key))
                .with(" ELSE @ IS NULL END AND ", column);
        }
        sql.push("(");
        sql.join(arms, " OR ", |sql, arm| {
            if alike.is_none() {
                items(sql, arm);
            } else {
                sql.push("1 = 1");
            }
            arm.of_containers(sql, "portcullis_i", "portcullis_c");
        });
        sql.push(")");
        if rows == Rows::Asked {
            sql.push(
                " FROM portcullis_container AS portcullis_c \
                 WHERE portcullis_c.id = portcullis_i.container_id)",
            );
        }
    }

    /// Whether anything is asked of an item's container.
    pub(super) fn asks_containers(&self, arms: &[Arm<'_>]) -> bool {
        self.container.is_some() || !arms.iter().all(Arm::any_container)
    }

    /// Whether the owner's column is compared row by row.
    pub(super) fn compares_owners(&self, arms: &[Arm<'_>]) -> bool {
        self.owner.is_some() && (self.clients.is_none() || self.number(arms) != 1)
    }

    /// The owner column is the client we know.
    fn owner_agrees(&self, sql: &mut Sql, arms: &[Arm<'_>], rows: Rows) {
        let Some((owner, key)) = self.owner.filter(|_| self.compares_owners(arms)) else {
            return;
        };
        if self.clients.is_none() {
            sql.with(
                " AND CASE WHEN @ IS NULL THEN portcullis_i.client_id IS NULL ELSE ",
                owner,
            );
        } else {
            sql.push(" AND ");
        }
        sql.push("portcullis_i.client_id = ");
        match rows {
            Rows::Joined => sql.push("portcullis_k.id"),
            Rows::Asked => sql
                .with(
                    "(SELECT portcullis_k.id \
                     FROM portcullis_client AS portcullis_k WHERE portcullis_k.@ = ",
                    name(key),
                )
                .push(&self.as_ours(owner, key))
                .push(")"),
        };
        if self.clients.is_none() {
            sql.push(" END");
        }
    }

    /// How many clients the arms hold together; 1 is one and no other.
    pub(super) fn number(&self, arms: &[Arm<'_>]) -> usize {
        scopes(arms)
            .iter()
            .map(|arm| match arm.clients() {
                ClientScope::These(clients) => clients.len(),
                ClientScope::Affiliated => self.clients.unwrap_or(usize::MAX),
                ClientScope::All => usize::MAX,
            })
            .fold(0, usize::saturating_add)
    }
}

/// One arm of each scope.
fn scopes<'a, 'p>(arms: &'a [Arm<'p>]) -> Vec<&'a Arm<'p>> {
    let mut scopes: Vec<&Arm<'_>> = Vec::new();
    for arm in arms {
        if !scopes.iter().any(|known| known.clients() == arm.clients()) {
            scopes.push(arm);
        }
    }
    scopes
}

/// The host's column names containers of this kind alone, or of every kind but the root, which has
/// no key.
pub(super) fn named(sql: &mut Sql, kind: Option<ContainerKind>, container: &str) {
    sql.push(&is_named(kind, &format!("{container}.kind")));
}

/// The same of a column that holds the kind. There are few kinds, so their numbers stand in the text.
pub(super) fn is_named(kind: Option<ContainerKind>, column: &str) -> String {
    match kind {
        None => format!("{column} <> {}", ContainerKind::Root.number()),
        Some(kind) => format!("{column} = {}", kind.number()),
    }
}

/// What stands in the place of NULL, where it is told apart already, and its value if it has one: no
/// text for a UUID is good for both databases.
pub(super) const fn no_key(
    key: KeyType,
    dialect: Option<Dialect>,
) -> (&'static str, Option<Val<'static>>) {
    match (key, dialect) {
        (KeyType::Int, _) => ("0", None),
        (KeyType::Uuid, Some(Dialect::Sqlite)) => ("x''", None),
        (KeyType::Uuid, _) => ("?", Some(Val::Id(Some(Uuid::nil())))),
        (KeyType::Text, _) => ("''", None),
    }
}

pub(super) const fn name(key_type: KeyType) -> &'static str {
    key::of_type(key_type, "key_int", "key_uuid", "key_text")
}
