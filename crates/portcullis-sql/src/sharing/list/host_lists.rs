//! A condition over a host's table that is driven by our lists.

use super::arm::{Arm, FENCE};
use super::host_form::{Host, is_named, name, no_key};
use super::joined::Joined;
use super::sql::Sql;
use crate::{Dialect, Val};
use portcullis_access::ContainerKind;
use portcullis_id::KeyType;

impl Host<'_> {
    /// The row is one of those on our lists, which are read without the host's table.
    ///
    /// That the columns agree is part of being listed. A container's key that may be NULL is compared
    /// as two values, whether it is and which it is, because NULL in a row equals nothing. A text is
    /// compared once more as bytes: see `in_bytes`.
    pub(super) fn listed(&self, sql: &mut Sql, arms: &[Arm<'_>]) -> Option<Joined> {
        let one = self.number(arms) == 1;
        let mut keys = self.keys(self.owner.filter(|_| !one));
        let alone = keys.len();
        let none = self.container.map(|(_, _, key)| no_key(key, self.dialect));
        if let Some(((kind, column, key), (none, _))) = self.container.zip(none.as_ref()) {
            let named = is_named(kind, "c.kind");
            keys.push(Key {
                ours: format!("CASE WHEN {named} THEN 0 ELSE 1 END"),
                theirs: format!("CASE WHEN {column} IS NULL THEN 1 ELSE 0 END"),
            });
            keys.push(Key {
                ours: format!("CASE WHEN {named} THEN c.{} ELSE {none} END", name(key)),
                theirs: self.as_ours(&format!("COALESCE({column}, {none})"), key),
            });
        }
        let none = none.and_then(|(_, value)| value);
        sql.values.extend(none);
        let mut lists = self.lists(arms, &keys, none);
        // SQLite finds rows by a SELECT, and not by a union; the LIMIT, which leaves out nothing, keeps
        // it from making the one of the other.
        let (before, behind) = match arms {
            [_] => ("", ""),
            _ => (
                "SELECT portcullis_l.* FROM (",
                " LIMIT 9223372036854775807) AS portcullis_l",
            ),
        };
        let theirs: Vec<&str> = keys.iter().map(|key| key.theirs.as_str()).collect();
        sql.push("(")
            .push(&theirs.join(", "))
            .push(") IN (")
            .push(before)
            .push(&lists.text)
            .push(behind)
            .push(") AND ");
        sql.values.append(&mut lists.values);
        let rest = sql.text.len();
        match self.owner.filter(|_| one) {
            // A value to compare with, not what is read by.
            Some(owner) => {
                sql.push("(");
                self.current_in_scope(sql, arms, owner);
                sql.push(") IS TRUE");
            }
            None => self.current(sql),
        }
        let rest = sql.text.get(rest..).unwrap_or_default();
        match self.container {
            // A value that stands before those of the lists.
            _ if none.is_some() => None,
            Some(container) if self.dialect == Some(Dialect::Sqlite) => {
                keys.truncate(alone);
                Some(self.beside_lists(arms, keys, container, rest))
            }
            _ => Some(Joined::to_lists(&lists.text, &alike(&keys), rest)),
        }
    }

    /// For SQLite, which reads the pair of a container's key a row at a time: a join compares with
    /// NULL by itself.
    fn beside_lists(
        &self,
        arms: &[Arm<'_>],
        mut keys: Vec<Key>,
        (kind, column, key): (Option<ContainerKind>, &str, KeyType),
        rest: &str,
    ) -> Joined {
        let mut alike = alike(&keys);
        let (of_kind, of_key) = (keys.len(), keys.len() + 1);
        alike.push(format!(
            "CASE WHEN {} THEN {} = {} ELSE {column} IS NULL END",
            is_named(kind, &Joined::column(of_kind)),
            Joined::column(of_key),
            self.in_bytes(column, key)
        ));
        for ours in ["c.kind".to_owned(), format!("c.{}", name(key))] {
            keys.push(Key {
                ours,
                theirs: String::new(),
            });
        }
        Joined::to_lists(&self.lists(arms, &keys, None).text, &alike, rest)
    }

    /// The lists as one SELECT of the keys; `none` is the value of the last of them, where it has one.
    fn lists(&self, arms: &[Arm<'_>], keys: &[Key], none: Option<Val<'static>>) -> Sql {
        let fenced = self.dialect == Some(Dialect::Postgres);
        let columns: Vec<String> = keys
            .iter()
            .enumerate()
            .map(|(place, key)| format!("{} AS {}", key.ours, Joined::key(place)))
            .collect();
        let mut lists = Sql::default();
        lists.join(arms, " UNION ALL ", |sql, arm| {
            arm.each_of(sql, fenced, |sql| {
                sql.push(&columns.join(", "));
                sql.values.extend(none);
            });
        });
        if fenced {
            lists.push(FENCE);
        }
        lists
    }

    /// What a row on our lists is compared by, its container apart.
    fn keys(&self, owner: Option<(&str, KeyType)>) -> Vec<Key> {
        let (item, key) = self.item;
        let mut keys = vec![Key {
            ours: self.as_theirs("i", key),
            theirs: item.to_owned(),
        }];
        if key == KeyType::Text {
            keys.push(Key {
                ours: format!("i.{}", name(key)),
                theirs: self.in_bytes(item, key),
            });
        }
        keys.extend(owner.map(|(owner, key)| Key {
            ours: format!(
                "(SELECT k.{} FROM portcullis_client AS k WHERE k.id = i.client_id)",
                name(key)
            ),
            theirs: match key {
                KeyType::Text => self.in_bytes(owner, key),
                // A value to compare with: an index over the owner would read all a client has.
                KeyType::Int | KeyType::Uuid => format!("COALESCE({owner}, {owner})"),
            },
        }));
        keys
    }
}

/// What a row of ours, of the aliases `i` and `c`, and one of the host's have in common.
struct Key {
    ours: String,
    theirs: String,
}

/// The keys of a list are those of the host's row.
fn alike(keys: &[Key]) -> Vec<String> {
    keys.iter()
        .enumerate()
        .map(|(place, key)| format!("{} = {}", key.theirs, Joined::column(place)))
        .collect()
}
