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
//! A statement without an order, a count above all, is driven by grants and clients of any number.

use super::arm::Arm;
use super::sql::Sql;
use crate::{Val, key};
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
    /// Whether the statement asks for no order, so that nothing is gained by keeping one.
    pub(super) unordered: bool,
    pub(super) item: (&'a str, KeyType),
    pub(super) owner: Option<(&'a str, KeyType)>,
    pub(super) container: Option<(Option<ContainerKind>, &'a str, KeyType)>,
}

impl Host<'_> {
    /// The condition, without parentheses.
    pub(super) fn condition(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>]) {
        if arms.is_empty() {
            sql.push("1 = 0");
            return;
        }
        sql.push("(SELECT portcullis_m.policy_revision FROM portcullis_meta AS portcullis_m WHERE portcullis_m.id = 1) = ?")
            .bind(self.revision)
            .push(" AND ");
        let granted = arms.iter().all(Arm::granted_only);
        let by_grants = granted && (self.carried || self.unordered);
        match self.owner {
            _ if self.clients.is_none() => self.not_barred(sql, plan, arms),
            Some(owner) if self.staff => {
                self.owner_in_scope(sql, arms, owner);
                sql.push(" AND ");
                self.not_barred(sql, plan, arms);
            }
            Some(owner) if !by_grants => {
                self.owner_in_scope(sql, arms, owner);
                sql.push(" AND ");
                self.known(sql, plan, arms);
            }
            _ => self.listed(sql, arms),
        }
    }

    /// The row is one of those on our lists, which are read without the host's table.
    ///
    /// That the columns agree is part of being listed. A container's key that may be NULL is compared
    /// as two values, whether it is and which it is, because NULL in a row equals nothing. A text is
    /// compared once more with nothing behind it: see [`byte_by_byte`].
    fn listed(&self, sql: &mut Sql, arms: &[Arm<'_>]) {
        let (item, key) = self.item;
        let one = self.number(arms) == 1;
        if let Some(owner) = self.owner.filter(|_| one) {
            // A value to compare with, not what is read by.
            sql.push("(");
            self.owner_in_scope(sql, arms, owner);
            sql.push(") IS TRUE AND ");
        }
        let owner = self.owner.filter(|_| !one);
        sql.push("(").push(item);
        if key == KeyType::Text {
            sql.with(", @ || ''", item);
        }
        match owner {
            None => {}
            Some((owner, KeyType::Text)) => {
                sql.with(", @ || ''", owner);
            }
            // A value to compare with too: an index over the owner would read all a client has.
            Some((owner, KeyType::Int | KeyType::Uuid)) => {
                sql.with(", COALESCE(@, @)", owner);
            }
        }
        if let Some((_, column, key)) = self.container {
            sql.with(
                ", CASE WHEN @ IS NULL THEN 1 ELSE 0 END, COALESCE(@, ?)",
                column,
            )
            .bind(no_key(key));
        }
        // SQLite finds rows by a SELECT, and not by a union; the LIMIT, which leaves out nothing, keeps
        // it from making the one of the other.
        let (before, behind) = match arms {
            [_] => ("", ""),
            _ => (
                "SELECT portcullis_l.* FROM (",
                " LIMIT 9223372036854775807) AS portcullis_l",
            ),
        };
        sql.push(") IN (").push(before);
        sql.join(arms, " UNION ALL ", |sql, arm| {
            arm.each_of(sql, |sql| {
                sql.push("i.").push(name(key));
                if key == KeyType::Text {
                    sql.push(", i.").push(name(key));
                }
                if let Some((_, key)) = owner {
                    sql.with(
                        ", (SELECT k.@ FROM portcullis_client AS k WHERE k.id = i.client_id)",
                        name(key),
                    );
                }
                if let Some((kind, _, key)) = self.container {
                    sql.push(", CASE WHEN ");
                    named(sql, kind, "c");
                    sql.push(" THEN 0 ELSE 1 END, CASE WHEN ");
                    named(sql, kind, "c");
                    sql.with(" THEN c.@ ELSE ? END", name(key))
                        .bind(no_key(key));
                }
            });
        });
        sql.push(behind).push(")");
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
        if number > MOST_KEYS && !self.unordered {
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
            _ if number <= ClientScope::NAMED || self.unordered => ("", " IN ", ""),
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

/// What stands in the place of NULL, where it is told apart already.
const fn no_key(key: KeyType) -> Val<'static> {
    match key {
        KeyType::Int => Val::Int(Some(0)),
        KeyType::Uuid => Val::Id(Some(Uuid::nil())),
        KeyType::Text => Val::Text(Some("")),
    }
}

pub(super) const fn name(key_type: KeyType) -> &'static str {
    key::of_type(key_type, "key_int", "key_uuid", "key_text")
}
