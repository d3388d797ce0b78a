//! A page of the host's table that is driven by our own order.

use super::arm::Arm;
use super::fragment::Fragment;
use super::host_form::{Host, Rows, name};
use super::newest;
use super::sql::Sql;
use super::template::HostPart;
use crate::{Names, Val};
use portcullis_access::Error;
use portcullis_id::KeyType;
use portcullis_sharing::{PAGE_LIMIT, PageToken, Plan};

/// One page of a host's table, newest first, for a host that wants the bound in the worst case:
/// [`VisibleTo::page`](crate::VisibleTo::page) makes one.
///
/// The keys of the page are read from our own indexes, which hold what is hidden apart, and then the
/// host's rows by their keys. So a page costs the page however much is hidden before it, and whatever
/// indexes the host has beside its primary key. In return the order is ours,
/// [`Item::sort`](portcullis_sharing::Item::sort), into which a host copies its own where that is not
/// the moment of placing.
///
/// ```
/// use portcullis_access::Kind;
/// # use portcullis_access::{Catalogue, Error, Viewer};
/// # use portcullis_id::Timestamp;
/// # use portcullis_sharing::PageToken;
/// # fn newest(
/// #     me: &Viewer, catalogue: &Catalogue, now: Timestamp, last: Option<PageToken>,
/// # ) -> Result<String, Error> {
/// let page = portcullis_sql::visible_to(me, Kind::DOCUMENT, catalogue, now)
///     .column("d.id")
///     .owned_by("d.client_id")
///     .page(last, 50)?;
/// let sql = page.query("d.id, d.title", "documents d")?;
/// # Ok(sql)
/// # }
/// ```
///
/// Every row is one that [`decide_host_row`](portcullis_sharing::decide_host_row) allows. A row that we
/// do not know is in no order of ours, so it is left out, for staff too. A page is short by the rows
/// that are in our list and not in the host's table, or another's there. It can have none with more
/// behind it: [`end`](Self::end) tells whether it is the last.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a condition that is in no statement hides nothing"]
pub struct HostPage {
    condition: Fragment,
    sort: String,
    item: String,
    end: PageEnd,
}

/// The question where a page ends in our order; [`HostPage::end`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageEnd {
    text: String,
    params: Vec<Val<'static>>,
}

impl PageEnd {
    /// The whole statement, with a `?` for each value.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values of its `?`, in order.
    pub fn params(&self) -> &[Val<'static>] {
        &self.params
    }

    fn of(host: &Host<'_>, names: &Names, arms: &[Arm<'_>], limit: u32) -> Self {
        let mut sql = Sql::default();
        sql.push("SELECT k.sort AS portcullis_sort, k.id AS portcullis_id FROM (");
        if arms.is_empty() {
            sql.push("SELECT i.sort AS sort, i.id AS id FROM portcullis_item AS i WHERE 1 = 0");
        }
        newest(&mut sql, arms);
        sql.push(") AS k WHERE ");
        host.current(&mut sql);
        sql.push(" ORDER BY k.sort DESC, k.id DESC LIMIT 1 OFFSET CAST(? AS BIGINT)")
            .bind(limit - 1);
        Self {
            text: names.statement(&sql.text).into_owned(),
            params: sql.values,
        }
    }

    pub(super) fn into_statement(self) -> Sql {
        Sql {
            text: self.text,
            values: self.params,
        }
    }
}

impl HostPage {
    /// The page as a condition, for its values above all.
    pub const fn condition(&self) -> &Fragment {
        &self.condition
    }

    /// The question where this page ends, for one without rows: the two columns that
    /// [`query`](Self::query) has last, which make the [`PageToken`] behind which the next page begins;
    /// or no row, where the list ends with this page. It costs what the page costs.
    pub const fn end(&self) -> &PageEnd {
        &self.end
    }

    /// The whole statement: `columns` of the rows of `from` that are on the page, in its order.
    ///
    /// Two columns more stand behind these: `portcullis_sort`, a BIGINT, and `portcullis_id`, our id, a
    /// UUID or on SQLite a BLOB of 16 bytes. Those of the last row make the [`PageToken`] behind which
    /// the next page begins; a page without rows has an [`end`](Self::end) of its own.
    ///
    /// # Errors
    /// As for [`Fragment::query`].
    pub fn query(&self, columns: &str, from: &str) -> Result<String, Error> {
        self.condition
            .query(&format!("SELECT {columns} FROM {from}"), "", "")?;
        Ok(self.statement(columns, from))
    }

    /// The whole statement, whatever it selects and whatever from.
    fn statement(&self, columns: &str, from: &str) -> String {
        format!(
            "SELECT {columns}, {} AS portcullis_sort, {} AS portcullis_id FROM {from} WHERE {} \
             ORDER BY portcullis_sort DESC, portcullis_id DESC",
            self.sort,
            self.item,
            self.condition.text()
        )
    }

    /// The same with holes for what it selects and the tables.
    pub(super) fn into_statement(self) -> Sql {
        Sql {
            text: self.statement(HostPart::Selection.hole(), HostPart::Tables.hole()),
            values: self.condition.params,
        }
    }

    pub(super) fn of(
        host: &Host<'_>,
        plan: &Plan,
        names: &Names,
        after: Option<PageToken>,
        limit: u32,
    ) -> Result<Self, Error> {
        let limit = limit.clamp(1, PAGE_LIMIT);
        let arms = Arm::all(plan, after, limit, host.dialect)?;
        let mut sql = Sql::default();
        sql.push("(");
        host.page(&mut sql, plan, &arms);
        sql.push(")");
        sql.text = names.statement(&sql.text).into_owned();
        let (column, key) = host.item;
        let of_item = |ours: &str| {
            let text = format!(
                "(SELECT portcullis_o.{ours} FROM portcullis_item AS portcullis_o \
                 WHERE portcullis_o.kind = {} AND portcullis_o.{} = {})",
                plan.kind.number(),
                name(key),
                host.as_ours(column, key)
            );
            names.statement(&text).into_owned()
        };
        Ok(Self {
            condition: Fragment::of(sql),
            sort: of_item("sort"),
            item: of_item("id"),
            end: PageEnd::of(host, names, &arms, limit),
        })
    }
}

impl Host<'_> {
    /// The row is on the page of `arms`, and everything agrees that must.
    fn page(&self, sql: &mut Sql, plan: &Plan, arms: &[Arm<'_>]) {
        if arms.is_empty() {
            sql.push("1 = 0");
            return;
        }
        let (item, key) = self.item;
        match self.owner.filter(|_| self.clients.is_some()) {
            Some(owner) => {
                // A value to compare with, not what is read by.
                sql.push("(");
                self.current_in_scope(sql, arms, owner);
                sql.push(") IS TRUE");
            }
            None => self.current(sql),
        }
        let (compared, keys) = match key {
            KeyType::Int | KeyType::Uuid => (item.to_owned(), format!("i.{}", name(key))),
            // Once more as bytes: another page may have what a collation takes for the same.
            KeyType::Text => (
                format!("({item}, {})", self.in_bytes(item, key)),
                format!("{}, i.{}", self.as_theirs("i", key), name(key)),
            ),
        };
        sql.push(" AND ")
            .push(&compared)
            .with(" IN (SELECT @ FROM (", &keys);
        newest(sql, arms);
        sql.push(") AS k CROSS JOIN portcullis_item AS i WHERE i.id = k.id) AND ");
        self.known(sql, plan, arms, Rows::Asked);
    }
}
