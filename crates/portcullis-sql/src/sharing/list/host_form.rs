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
//! a cap joins our lists with the host's table, and so reads neither further than it must: see
//! [`Joined`].

use super::arm::Arm;
use super::fragment::Joined;
use super::sql::Sql;
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

/// What a statement asks of a list beside its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// The newest of them.
    Order,
    /// No order, so that nothing is gained by keeping one.
    AnyOrder,
    /// How many there are, up to a cap, on this database.
    Number(Dialect),
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
    pub(super) item: (&'a str, KeyType),
    pub(super) owner: Option<(&'a str, KeyType)>,
    pub(super) container: Option<(Option<ContainerKind>, &'a str, KeyType)>,
}

impl Host<'_> {
    /// The condition, without parentheses, and the same as a join where our lists drive it.
    pub(super) fn condition(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>]) -> Option<Joined> {
        if arms.is_empty() {
            sql.push("1 = 0");
            return None;
        }
        let granted = arms.iter().all(Arm::granted_only);
        let by_lists = match self.asks {
            Asks::Order => granted && self.carried,
            // A join with our list is twice as quick on SQLite as looking up each of the host's rows,
            // and up to a half slower on PostgreSQL.
            Asks::AnyOrder | Asks::Number(Dialect::Postgres) => granted,
            Asks::Number(Dialect::Sqlite) => true,
        };
        match self.owner {
            _ if self.clients.is_none() => {
                self.current(sql);
                self.not_barred(sql, plan, arms);
            }
            Some(owner) if self.staff => {
                self.current(sql);
                self.owner_in_scope(sql, arms, owner);
                sql.push(" AND ");
                self.not_barred(sql, plan, arms);
            }
            Some(owner) if !by_lists => {
                self.current(sql);
                self.owner_in_scope(sql, arms, owner);
                sql.push(" AND ");
                self.in_granted(sql, arms);
                self.known(sql, plan, arms);
            }
            _ => return Some(self.listed(sql, arms)),
        }
        None
    }

    /// Nobody's rights have changed since the viewer was read.
    fn current(&self, sql: &mut Sql) {
        sql.push("(SELECT portcullis_m.policy_revision FROM portcullis_meta AS portcullis_m WHERE portcullis_m.id = 1) = ?")
            .bind(self.revision)
            .push(" AND ");
    }

    /// The row is one of those on our lists, which are read without the host's table.
    ///
    /// That the columns agree is part of being listed. A container's key that may be NULL is compared
    /// as two values, whether it is and which it is, because NULL in a row equals nothing. A text is
    /// compared once more with nothing behind it: see [`byte_by_byte`].
    fn listed(&self, sql: &mut Sql, arms: &[Arm<'_>]) -> Joined {
        let (item, key) = self.item;
        let one = self.number(arms) == 1;
        let owner = self.owner.filter(|_| !one);
        let mut compared = vec![item.to_owned()];
        if key == KeyType::Text {
            compared.push(format!("{item} || ''"));
        }
        compared.extend(owner.map(|(owner, key)| match key {
            KeyType::Text => format!("{owner} || ''"),
            // A value to compare with: an index over the owner would read all a client has.
            KeyType::Int | KeyType::Uuid => format!("COALESCE({owner}, {owner})"),
        }));
        let mut bound_first = false;
        if let Some((_, column, key)) = self.container {
            let (none, value) = no_key(key);
            compared.push(format!("CASE WHEN {column} IS NULL THEN 1 ELSE 0 END"));
            compared.push(format!("COALESCE({column}, {none})"));
            bound_first = value.is_some();
            sql.values.extend(value);
        }
        let mut lists = Sql::default();
        lists.join(arms, " UNION ALL ", |sql, arm| {
            arm.each_of(sql, |sql| self.keys(sql, owner.map(|(_, key)| key)));
        });
        // SQLite finds rows by a SELECT, and not by a union; the LIMIT, which leaves out nothing, keeps
        // it from making the one of the other.
        let (before, behind) = match arms {
            [_] => ("", ""),
            _ => (
                "SELECT portcullis_l.* FROM (",
                " LIMIT 9223372036854775807) AS portcullis_l",
            ),
        };
        sql.push("(")
            .push(&compared.join(", "))
            .push(") IN (")
            .push(before)
            .push(&lists.text)
            .push(behind)
            .push(") AND ");
        sql.values.append(&mut lists.values);
        let rest = sql.text.len();
        self.current(sql);
        match self.owner.filter(|_| one) {
            // A value to compare with, not what is read by.
            Some(owner) => {
                sql.push("(");
                self.owner_in_scope(sql, arms, owner);
                sql.push(") IS TRUE");
            }
            None => {
                sql.push("1 = 1");
            }
        }
        Joined {
            lists: lists.text,
            compared,
            rest: sql.text.get(rest..).unwrap_or_default().to_owned(),
            in_order: !bound_first,
        }
    }

    /// What a row on our lists is compared by.
    fn keys(&self, sql: &mut Sql, owner: Option<KeyType>) {
        let (_, key) = self.item;
        let mut place = 0..;
        let mut named_key = |sql: &mut Sql| {
            let place = place.next().unwrap_or_default();
            sql.push(&format!(" AS {}{place}", Joined::KEY));
        };
        sql.push("i.").push(name(key));
        named_key(sql);
        if key == KeyType::Text {
            sql.push(", i.").push(name(key));
            named_key(sql);
        }
        if let Some(key) = owner {
            sql.with(
                ", (SELECT k.@ FROM portcullis_client AS k WHERE k.id = i.client_id)",
                name(key),
            );
            named_key(sql);
        }
        if let Some((kind, _, key)) = self.container {
            sql.push(", CASE WHEN ");
            named(sql, kind, "c");
            sql.push(" THEN 0 ELSE 1 END");
            named_key(sql);
            sql.push(", CASE WHEN ");
            named(sql, kind, "c");
            let (none, value) = no_key(key);
            sql.with(" THEN c.@ ELSE ", name(key))
                .push(none)
                .push(" END");
            sql.values.extend(value);
            named_key(sql);
        }
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
        sql.with("CASE WHEN @ IS NULL THEN ", column);
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
        sql.push(" ELSE ").push(column);
        if key == KeyType::Text {
            sql.push(" || ''");
        }
        sql.push(" IN (");
        sql.join(arms, " UNION ALL ", |sql, arm| {
            sql.with("SELECT c.@", name(key));
            granted(sql, arm);
            named(sql, kind, "c");
        });
        sql.push(") END AND ");
    }

    /// The owner is one of the viewer's clients.
    pub(super) fn owner_in_scope(
        &self,
        sql: &mut Sql,
        arms: &[Arm<'_>],
        (owner, key): (&str, KeyType),
    ) {
        let scopes = scopes(arms);
        let number = self.number(arms);
        let unordered = self.asks != Asks::Order;
        if number > MOST_KEYS && !unordered {
            sql.with(
                "EXISTS (SELECT 1 FROM portcullis_client AS portcullis_k WHERE portcullis_k.@ = ",
                name(key),
            )
            .push(owner)
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
                "(SELECT portcullis_k.@ FROM portcullis_client AS portcullis_k WHERE ",
                name(key),
            );
            sql.join(&scopes, " OR ", |sql, arm| {
                sql.push("portcullis_k.id");
                arm.client_in_scope(sql);
            });
            sql.push(")");
        };
        sql.push(before).push(owner);
        keys(sql);
        sql.push(behind);
        if key == KeyType::Text {
            sql.push(" AND ");
            byte_by_byte(sql, owner, keys);
        }
    }

    /// We have a row of this key, and it is in the plan.
    pub(super) fn known(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>]) {
        // SQLite is quickest with a join; of one client's rows PostgreSQL believes that they are few.
        let end = if self.number(arms) == 1 { ")" } else { PER_ROW };
        sql.push("EXISTS (SELECT 1 FROM portcullis_item AS portcullis_i WHERE ");
        self.this_item(sql, plan);
        sql.push(" AND ");
        self.in_plan(sql, arms);
        sql.push(end);
    }

    /// We have no row of this key that is not in the plan: what we do not know is staff's to see.
    fn not_barred(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>]) {
        sql.push("NOT EXISTS (SELECT 1 FROM portcullis_item AS portcullis_i WHERE ");
        self.this_item(sql, plan);
        sql.push(" AND (");
        self.in_plan(sql, arms);
        sql.push(") IS NOT TRUE").push(PER_ROW);
    }

    /// Our row of the kind and key, known or not.
    fn this_item(&self, sql: &mut Sql, plan: &Plan) {
        let (column, key) = self.item;
        sql.push("portcullis_i.kind = ? AND portcullis_i.")
            .bind(i64::from(plan.kind.number()))
            .push(name(key))
            .push(" = ")
            .push(column);
    }

    /// Our row is in one of the arms, and the host's columns agree with it.
    fn in_plan(&self, sql: &mut Sql, arms: &[Arm<'_>]) {
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
        self.owner_agrees(sql, arms);
        if self.container.is_none() && arms.iter().all(Arm::any_container) {
            if alike.is_none() {
                sql.push(" AND (");
                sql.join(arms, " OR ", items);
                sql.push(")");
            }
            return;
        }
        sql.push(
            " AND EXISTS (SELECT 1 FROM portcullis_container AS portcullis_c \
             WHERE portcullis_c.id = portcullis_i.container_id",
        );
        if let Some((kind, column, key)) = self.container {
            sql.push(" AND CASE WHEN ");
            named(sql, kind, "portcullis_c");
            sql.with(" THEN portcullis_c.@ = ", name(key))
                .with("@ ELSE @ IS NULL END", column);
        }
        sql.push(" AND (");
        sql.join(arms, " OR ", |sql, arm| {
            if alike.is_none() {
                items(sql, arm);
            } else {
                sql.push("1 = 1");
            }
            arm.of_containers(sql, "portcullis_i", "portcullis_c");
        });
        sql.push(")").push(PER_ROW);
    }

    /// The owner column is the client we know.
    fn owner_agrees(&self, sql: &mut Sql, arms: &[Arm<'_>]) {
        let Some((owner, key)) = self.owner else {
            return;
        };
        if self.clients.is_none() {
            sql.with(
                " AND CASE WHEN @ IS NULL THEN portcullis_i.client_id IS NULL ELSE ",
                owner,
            );
        } else if self.number(arms) == 1 {
            return;
        } else {
            sql.push(" AND ");
        }
        sql.with(
            "portcullis_i.client_id = (SELECT portcullis_k.id \
             FROM portcullis_client AS portcullis_k WHERE portcullis_k.@ = ",
            name(key),
        )
        .push(owner)
        .push(")");
        if self.clients.is_none() {
            sql.push(" END");
        }
    }

    /// How many clients the arms hold together; 1 is one and no other.
    fn number(&self, arms: &[Arm<'_>]) -> usize {
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

/// A column of texts compared as bytes, whatever collation the host gave it (pitfall 16): SQLite
/// takes the collation of the side before `=` and `IN`, and what is put together has none. In a CASE
/// because it leaves out next to nothing, which PostgreSQL would not believe.
fn byte_by_byte(sql: &mut Sql, column: &str, compared: impl FnOnce(&mut Sql)) {
    sql.with("CASE WHEN @ || ''", column);
    compared(sql);
    sql.push(" THEN 1 ELSE 0 END <> 0");
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
fn named(sql: &mut Sql, kind: Option<ContainerKind>, container: &str) {
    match kind {
        None => sql
            .with("@.kind <> ?", container)
            .bind(i64::from(ContainerKind::Root.number())),
        Some(kind) => sql
            .with("@.kind = ?", container)
            .bind(i64::from(kind.number())),
    };
}

/// What stands in the place of NULL, where it is told apart already, and its value if it has one: no
/// text for a UUID is good for both databases.
const fn no_key(key: KeyType) -> (&'static str, Option<Val<'static>>) {
    match key {
        KeyType::Int => ("0", None),
        KeyType::Uuid => ("?", Some(Val::Id(Some(Uuid::nil())))),
        KeyType::Text => ("''", None),
    }
}

pub(super) const fn name(key_type: KeyType) -> &'static str {
    key::of_type(key_type, "key_int", "key_uuid", "key_text")
}
