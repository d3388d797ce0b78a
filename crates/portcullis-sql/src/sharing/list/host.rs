//! Lists over the host's own tables: a condition with parameters.

use super::arm::Arm;
use super::fragment::Fragment;
use super::sql::Sql;
use super::template::{HostColumn, Template};
use crate::{Names, key};
use portcullis_access::{Catalogue, ContainerKind, Error, Keyed, Kind, UserKind, Viewer};
use portcullis_id::{KeyType, Timestamp};
use portcullis_sharing::{ClientScope, Plan};
use std::borrow::Cow;

/// Starts the condition that keeps the rows of a host's table which `viewer` may see at `now`:
/// exactly those that [`decide_host_row`](portcullis_sharing::decide_host_row) allows.
///
/// ```
/// use portcullis_access::Kind;
/// # use portcullis_access::{Catalogue, Error, Viewer};
/// # use portcullis_id::Timestamp;
/// # fn newest(me: &Viewer, catalogue: &Catalogue, now: Timestamp) -> Result<String, Error> {
/// let visible = portcullis_sql::visible_to(me, Kind::DOCUMENT, catalogue, now)
///     .column("d.id")
///     .owned_by("d.client_id")
///     .sql()?;
/// let sql = format!(
///     "SELECT d.* FROM documents d WHERE {} ORDER BY d.created_at DESC, d.id DESC LIMIT 50",
///     visible.text()
/// );
/// # Ok(sql)
/// # }
/// ```
///
/// A viewer that is out of date, because somebody's rights have changed since it was read, lists
/// nothing: the condition asks for the policy revision it was read at.
///
/// Give it the owner column where there is one, and an index over it and the order of the list:
/// then a page costs the page.
pub fn visible_to<'a>(
    viewer: &'a Viewer,
    kind: Kind,
    catalogue: &'a Catalogue,
    now: Timestamp,
) -> VisibleTo<'a> {
    VisibleTo {
        viewer,
        plan: Plan::items(viewer, kind, catalogue, now),
        catalogue,
        names: Names::portcullis(),
        column: None,
        owner: None,
        container: None,
    }
}

/// A condition in the making; [`VisibleTo::sql`] ends it.
#[derive(Clone, Debug)]
#[must_use = "a condition that is in no statement hides nothing"]
pub struct VisibleTo<'a> {
    viewer: &'a Viewer,
    plan: Plan,
    catalogue: &'a Catalogue,
    names: &'a Names,
    column: Option<&'a str>,
    owner: Option<&'a str>,
    container: Option<(Option<ContainerKind>, &'a str)>,
}

impl<'a> VisibleTo<'a> {
    /// For tables of ours that have other names than `portcullis_..`.
    pub const fn named(mut self, names: &'a Names) -> Self {
        self.names = names;
        self
    }

    /// The column with the host's key of the item, as `alias.column`.
    pub const fn column(mut self, column: &'a str) -> Self {
        self.column = Some(column);
        self
    }

    /// The column with the host's key of the client, as `alias.column`. A row in which it is not
    /// the client we know is hidden.
    pub const fn owned_by(mut self, column: &'a str) -> Self {
        self.owner = Some(column);
        self
    }

    /// The column with the host's key of the container, as `alias.column`; NULL in it means the
    /// client's root. For a column that holds one kind of container alone, take
    /// [`in_container_of`](Self::in_container_of).
    pub const fn in_container(mut self, column: &'a str) -> Self {
        self.container = Some((None, column));
        self
    }

    /// The column with the host's key of the container, if that is of `kind`, as `alias.column`;
    /// NULL in it means a container of another kind.
    pub const fn in_container_of(mut self, kind: ContainerKind, column: &'a str) -> Self {
        self.container = Some((Some(kind), column));
        self
    }

    /// The condition.
    ///
    /// # Errors
    /// Invalid for a column that is missing or not written as `alias.column`, and for a container
    /// column where the kinds of containers have keys of different types.
    pub fn sql(self) -> Result<Fragment, Error> {
        for column in [
            self.column,
            self.owner,
            self.container.map(|(_, column)| column),
        ]
        .into_iter()
        .flatten()
        {
            qualified(column)?;
        }
        let sql = self.condition()?;
        Ok(Fragment {
            text: sql.text,
            params: sql.values,
        })
    }

    /// The condition with a hole where each of the columns stands that this was given, for a query
    /// builder that has columns of its own kind: what they were called here is not looked at.
    ///
    /// # Errors
    /// Invalid for a column of the item that is missing, and for a container column where the kinds
    /// of containers have keys of different types.
    pub fn template(mut self) -> Result<Template, Error> {
        let item = self.column.map(|_| (HostColumn::Item, self.item_key()));
        let owner = self.owner.map(|_| {
            let key = self.catalogue.key_type(Keyed::Clients);
            (HostColumn::Owner, key)
        });
        let container = match self.container {
            None => None,
            Some((kind, _)) => Some((HostColumn::Container, self.container_key(kind)?)),
        };
        self.column = self.column.map(|_| HostColumn::Item.hole());
        self.owner = self.owner.map(|_| HostColumn::Owner.hole());
        self.container = self
            .container
            .map(|(kind, _)| (kind, HostColumn::Container.hole()));
        let types: Vec<_> = [item, owner, container].into_iter().flatten().collect();
        Template::read(self.condition()?, &types)
    }

    fn condition(&self) -> Result<Sql, Error> {
        let Some(column) = self.column else {
            return Err(Error::invalid(
                "a list over a table of the host's needs the column of the item's key; add `.column(\"d.id\")`",
            ));
        };
        let host = Host {
            revision: self.viewer.revision().number(),
            staff: self.viewer.kind() == UserKind::Staff,
            every_client: self.viewer.every_client(),
            item: (column, name(self.item_key())),
            owner: self
                .owner
                .map(|column| (column, name(self.catalogue.key_type(Keyed::Clients)))),
            container: match self.container {
                None => None,
                Some((kind, column)) => Some((kind, column, name(self.container_key(kind)?))),
            },
        };
        let arms = Arm::all(&self.plan, None, 0)?;
        let mut sql = Sql::default();
        sql.push("(");
        host.condition(&mut sql, &self.plan, &arms);
        sql.push(")");
        if let Cow::Owned(text) = self.names.statement(&sql.text) {
            sql.text = text;
        }
        Ok(sql)
    }

    fn item_key(&self) -> KeyType {
        self.catalogue
            .kind(self.plan.kind)
            .map_or(KeyType::Text, |entry| entry.key_type)
    }

    fn container_key(&self, kind: Option<ContainerKind>) -> Result<KeyType, Error> {
        let of = |kind| self.catalogue.key_type(Keyed::Containers(kind));
        if let Some(kind) = kind {
            return Ok(of(kind));
        }
        let mut kinds = ContainerKind::ALL
            .into_iter()
            .filter(|kind| *kind != ContainerKind::Root);
        let first = kinds.next().map_or(KeyType::Text, of);
        if kinds.all(|kind| of(kind) == first) {
            return Ok(first);
        }
        Err(Error::invalid(
            "containers of different kinds have keys of different types, and one column cannot hold them all; say which kind it holds with `in_container_of`",
        ))
    }
}

/// The host's columns, each with the column of ours that it must equal.
struct Host<'a> {
    /// The policy revision the viewer was read at.
    revision: i64,
    staff: bool,
    every_client: bool,
    item: (&'a str, &'static str),
    owner: Option<(&'a str, &'static str)>,
    container: Option<(Option<ContainerKind>, &'a str, &'static str)>,
}

impl Host<'_> {
    fn condition(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>]) {
        if arms.is_empty() {
            sql.push("1 = 0");
            return;
        }
        sql.push("(SELECT portcullis_m.policy_revision FROM portcullis_meta AS portcullis_m WHERE portcullis_m.id = 1) = ?")
            .bind(self.revision)
            .push(" AND ");
        let unknown_too = self.staff && (self.every_client || self.owner.is_some());
        if !self.every_client {
            match self.owner {
                Some(owner) => owner_in_scope(sql, arms, owner),
                None => self.item_in_lists(sql, arms),
            }
            sql.push(" AND ");
        }
        if unknown_too {
            sql.push("(NOT EXISTS (SELECT 1 FROM portcullis_item AS portcullis_i WHERE ");
            self.this_item(sql, plan);
            sql.push(") OR ");
        }
        self.known(sql, plan, arms);
        if unknown_too {
            sql.push(")");
        }
    }

    /// The key is one of those on the list, which is read without the host's table.
    fn item_in_lists(&self, sql: &mut Sql, arms: &[Arm<'_>]) {
        let (column, key) = self.item;
        sql.push(column).push(" IN (");
        sql.join(arms, " UNION ALL ", |sql, arm| {
            arm.each(sql, &format!("i.{key}"));
        });
        sql.push(")");
    }

    /// Our row of this key is in the plan and the host's columns agree with it.
    fn known(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>]) {
        sql.push(
            "EXISTS (SELECT 1 FROM portcullis_item AS portcullis_i \
             CROSS JOIN portcullis_container AS portcullis_c",
        );
        if self.owner.is_some() {
            sql.push(
                " LEFT JOIN portcullis_client AS portcullis_k \
                 ON portcullis_k.id = portcullis_i.client_id",
            );
        }
        sql.push(" WHERE ");
        self.this_item(sql, plan);
        sql.push(" AND portcullis_c.id = portcullis_i.container_id");
        if let Some((owner, key)) = self.owner {
            sql.with(" AND (portcullis_k.@ = ", key)
                .push(owner)
                .push(" OR (portcullis_i.client_id IS NULL AND ")
                .push(owner)
                .push(" IS NULL))");
        }
        if let Some((kind, column, key)) = self.container {
            // A root has no key, so only NULL agrees with it.
            let (named, number) = match kind {
                None => ("portcullis_c.kind <> ?", ContainerKind::Root.number()),
                Some(kind) => ("portcullis_c.kind = ?", kind.number()),
            };
            sql.with(" AND CASE WHEN @ THEN portcullis_c.", named)
                .bind(i64::from(number))
                .push(key)
                .with(" = @ ELSE @ IS NULL END", column);
        }
        sql.push(" AND (");
        sql.join(arms, " OR ", |sql, arm| {
            sql.push("(");
            arm.holds(sql, "portcullis_i", "portcullis_c");
            sql.push(")");
        });
        sql.push("))");
    }

    /// Our row of the kind and key, known or not.
    fn this_item(&self, sql: &mut Sql, plan: &Plan) {
        let (column, key) = self.item;
        sql.push("portcullis_i.kind = ? AND portcullis_i.")
            .bind(i64::from(plan.kind.number()))
            .push(key)
            .push(" = ")
            .push(column);
    }
}

/// The owner is one of the viewer's clients: what an index of the host's is chosen by.
fn owner_in_scope(sql: &mut Sql, arms: &[Arm<'_>], (owner, key): (&str, &str)) {
    let mut scopes: Vec<&Arm<'_>> = Vec::new();
    for arm in arms {
        if !scopes.iter().any(|known| known.clients() == arm.clients()) {
            scopes.push(arm);
        }
    }
    let one = matches!(
        scopes.as_slice(),
        [only] if matches!(only.clients(), ClientScope::These(clients) if clients.len() == 1)
    );
    sql.push(owner).push(if one { " = " } else { " IN " }).with(
        "(SELECT portcullis_k.@ FROM portcullis_client AS portcullis_k WHERE ",
        key,
    );
    sql.join(&scopes, " OR ", |sql, arm| {
        sql.push("portcullis_k.id");
        arm.client_in_scope(sql);
    });
    sql.push(")");
}

const fn name(key_type: KeyType) -> &'static str {
    key::of_type(key_type, "key_int", "key_uuid", "key_text")
}

/// Refuses a column that a subquery of ours could take for one of its own (pitfall 5).
fn qualified(column: &str) -> Result<(), Error> {
    let plain = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && name
                .bytes()
                .next()
                .is_some_and(|byte| !byte.is_ascii_digit())
    };
    let ours = |alias: &str| alias.to_ascii_lowercase().starts_with("portcullis");
    match column.split_once('.') {
        Some((alias, name)) if plain(alias) && plain(name) && !ours(alias) => Ok(()),
        Some((alias, name)) if plain(alias) && plain(name) => Err(Error::invalid(format!(
            "the alias of `{column}` is one of ours; give your table another alias, as in `FROM documents d`, and write `d.{name}`"
        ))),
        _ => Err(Error::invalid(format!(
            "`{column}` must be an alias, a point and a column; give your table an alias, as in `FROM documents d`, and write `d.id`"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitfall05_a_column_without_alias_is_refused_with_what_to_write() {
        for column in [
            "id", "d.", ".id", "d.id; --", "d.a.b", "d.\"id\"", "1d.id", "",
        ] {
            let error = qualified(column).unwrap_err();
            assert!(error.to_string().ends_with("write `d.id`"), "{error}");
        }
        let ours = qualified("Portcullis_i.id").unwrap_err();
        assert!(ours.to_string().contains("is one of ours"), "{ours}");
        assert!(qualified("documents.client_id").is_ok());
    }
}
