//! A condition over a host's table that is driven by our lists.

use super::arm::{Arm, FENCE};
use super::fragment::Joined;
use super::host_form::{Host, name, named, no_key};
use super::sql::Sql;
use crate::Dialect;
use portcullis_id::KeyType;

impl Host<'_> {
    /// The row is one of those on our lists, which are read without the host's table.
    ///
    /// That the columns agree is part of being listed. A container's key that may be NULL is compared
    /// as two values, whether it is and which it is, because NULL in a row equals nothing. A text is
    /// compared once more as bytes: see `in_bytes`.
    pub(super) fn listed(&self, sql: &mut Sql, arms: &[Arm<'_>]) -> Option<Joined> {
        let (item, key) = self.item;
        let one = self.number(arms) == 1;
        let owner = self.owner.filter(|_| !one);
        let mut compared = vec![item.to_owned()];
        if key == KeyType::Text {
            compared.push(self.in_bytes(item, key));
        }
        compared.extend(owner.map(|(owner, key)| match key {
            KeyType::Text => self.in_bytes(owner, key),
            // A value to compare with: an index over the owner would read all a client has.
            KeyType::Int | KeyType::Uuid => format!("COALESCE({owner}, {owner})"),
        }));
        let mut bound_first = false;
        if let Some((_, column, key)) = self.container {
            let (none, value) = no_key(key);
            compared.push(format!("CASE WHEN {column} IS NULL THEN 1 ELSE 0 END"));
            compared.push(self.as_ours(&format!("COALESCE({column}, {none})"), key));
            bound_first = value.is_some();
            sql.values.extend(value);
        }
        let fenced = self.dialect == Some(Dialect::Postgres);
        let mut lists = Sql::default();
        lists.join(arms, " UNION ALL ", |sql, arm| {
            arm.each_of(sql, fenced, |sql| self.keys(sql, owner.map(|(_, key)| key)));
        });
        if fenced {
            lists.push(FENCE);
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
        sql.push("(")
            .push(&compared.join(", "))
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
        (!bound_first).then(|| Joined::to_lists(&lists.text, &compared, rest))
    }

    /// What a row on our lists is compared by.
    fn keys(&self, sql: &mut Sql, owner: Option<KeyType>) {
        let (_, key) = self.item;
        let mut place = 0..;
        let mut named_key = |sql: &mut Sql| {
            let place = place.next().unwrap_or_default();
            sql.push(&format!(" AS {}{place}", Joined::KEY));
        };
        sql.push(&self.as_theirs("i", key));
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
}
