//! Lists over the host's own tables: a condition with parameters.

use super::arm::Arm;
use super::fragment::Fragment;
use super::host_form::{Asks, Host};
use super::host_page::HostPage;
use super::joined::Joined;
use super::sql::Sql;
use super::template::{HostColumn, Template};
use crate::{Dialect, Names};
use portcullis_access::{Catalogue, ContainerKind, Error, Keyed, Kind, UserKind, Viewer};
use portcullis_id::{KeyType, Timestamp};
use portcullis_sharing::{PageToken, Plan};
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
/// Give it the owner column where there is one, and two indexes, over it and the order of the list and
/// over the order alone: then a page costs the page, unless much is hidden before its first row. The
/// container column makes nothing quicker; it is there to narrow the list by what the host says.
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
        asks: Asks::Order,
        dialect: None,
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
    asks: Asks,
    dialect: Option<Dialect>,
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

    /// For a statement that asks for no order: an update, a delete, an exact count. The rows are the same;
    /// they are read by the viewer's grants and clients, however many these are, and not in the order
    /// of a list.
    pub const fn unordered(mut self) -> Self {
        self.asks = Asks::AnyOrder;
        self
    }

    /// For [`Fragment::capped_count`] on this database. The rows are the same; on SQLite those of a
    /// client user are read from our lists, and no further than to the cap.
    pub const fn counted(mut self, dialect: Dialect) -> Self {
        self.asks = Asks::Number;
        self.on(dialect)
    }

    /// For a count on whichever database this is for.
    pub(super) const fn of_a_count(mut self) -> Self {
        self.asks = match self.dialect {
            Some(_) => Asks::Number,
            None => Asks::AnyOrder,
        };
        self
    }

    /// For this database alone, which answers it up to a third quicker than the text that is good for
    /// both. The rows are the same.
    pub const fn on(mut self, dialect: Dialect) -> Self {
        self.dialect = Some(dialect);
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

    /// One page in the order of our own lists, by falling [`Item::sort`](portcullis_sharing::Item::sort):
    /// the first `limit` behind `after` of what is open to the viewer, at least one and at most
    /// [`PAGE_LIMIT`](portcullis_sharing::PAGE_LIMIT). See [`HostPage`].
    ///
    /// # Errors
    /// As for [`sql`](Self::sql).
    pub fn page(self, after: Option<PageToken>, limit: u32) -> Result<HostPage, Error> {
        self.qualified()?;
        self.host_page(after, limit)
    }

    pub(super) fn host_page(
        &self,
        after: Option<PageToken>,
        limit: u32,
    ) -> Result<HostPage, Error> {
        HostPage::of(&self.host()?, &self.plan, self.names, after, limit)
    }

    /// The condition.
    ///
    /// # Errors
    /// Invalid for a column that is missing or not written as `alias.column`, and for a container
    /// column where the kinds of containers have keys of different types.
    pub fn sql(self) -> Result<Fragment, Error> {
        self.qualified()?;
        let (sql, joined) = self.condition()?;
        Ok(Fragment {
            text: sql.text,
            params: sql.values,
            joined,
        })
    }

    /// The condition with a hole where each of the columns stands that this was given, for a query
    /// builder that has columns of its own kind: what they were called here is not looked at.
    ///
    /// # Errors
    /// Invalid for a column of the item that is missing, and for a container column where the kinds
    /// of containers have keys of different types.
    pub fn template(mut self) -> Result<Template, Error> {
        let types = self.dig()?;
        Template::read(self.condition()?.0, &types)
    }

    /// Puts a hole in the place of every column there is, and tells the types of their keys.
    pub(super) fn dig(&mut self) -> Result<Vec<(HostColumn, KeyType)>, Error> {
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
        Ok([item, owner, container].into_iter().flatten().collect())
    }

    pub(super) fn condition(&self) -> Result<(Sql, Option<Joined>), Error> {
        let host = self.host()?;
        let arms = Arm::all(&self.plan, None, 0, self.dialect)?;
        let mut sql = Sql::default();
        sql.push("(");
        let mut joined = host.condition(&mut sql, &self.plan, &arms);
        sql.push(")");
        let parts = joined.iter_mut().flat_map(Joined::parts);
        for part in std::iter::once(&mut sql.text).chain(parts) {
            if let Cow::Owned(text) = self.names.statement(part) {
                *part = text;
            }
        }
        Ok((sql, joined))
    }

    fn host(&self) -> Result<Host<'a>, Error> {
        let Some(column) = self.column else {
            return Err(Error::invalid(
                "a list over a table of the host's needs the column of the item's key; add `.column(\"d.id\")`",
            ));
        };
        Ok(Host {
            revision: self.viewer.revision().number(),
            staff: self.viewer.kind() == UserKind::Staff,
            clients: (!self.viewer.every_client()).then(|| self.viewer.clients().count()),
            carried: self.viewer.granted_containers().is_some(),
            asks: self.asks,
            dialect: self.dialect,
            item: (column, self.item_key()),
            owner: self
                .owner
                .map(|column| (column, self.catalogue.key_type(Keyed::Clients))),
            container: match self.container {
                None => None,
                Some((kind, column)) => Some((kind, column, self.container_key(kind)?)),
            },
        })
    }

    fn qualified(&self) -> Result<(), Error> {
        let container = self.container.map(|(_, column)| column);
        let columns = [self.column, self.owner, container];
        columns.into_iter().flatten().try_for_each(qualified)
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
