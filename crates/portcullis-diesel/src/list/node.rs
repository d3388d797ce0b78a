use super::beside::Visible;
use super::column::{HostKeyType, NoColumn, OfATable};
use super::counted::Counted;
use super::database::Lists;
use super::is_visible::IsVisible;
use super::lens::Sees;
use super::narrowed::Narrowed;
use super::page::Page;
use super::parts::Tables;
use super::place::{Condition, stands_alone};
use super::rows::Rows;
use super::writes::{Templates, Writes};
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::BoolOrNullableBool;
use portcullis_access::{ContainerKind, Kind};
use portcullis_sql::{Dialect, PageToken, Template, VisibleTo as SqlList};
use std::sync::OnceLock;

/// Lists over the host's own tables, for every column in which a key can be.
pub trait VisibleToDsl: Expression + Sized {
    /// The condition that keeps the rows that `who` may see of `kind`, this being the column with
    /// the host's key of the item: exactly the rows that `portcullis_sharing::decide_host_row`
    /// allows.
    ///
    /// ```
    /// use diesel::prelude::*;
    /// use portcullis_access::Kind;
    /// use portcullis_diesel::{Lens, VisibleToDsl as _, before};
    ///
    /// diesel::table! {
    ///     documents { id -> BigInt, client_id -> BigInt, project_id -> Nullable<Text>, created_at -> BigInt, }
    /// }
    ///
    /// fn page(
    ///     me: &Lens<'_>,
    ///     cursor: Option<(i64, i64)>,
    ///     conn: &mut SqliteConnection,
    /// ) -> QueryResult<Vec<i64>> {
    ///     documents::table
    ///         .filter(documents::id.visible_to(me, Kind::DOCUMENT)
    ///             .owned_by(documents::client_id)
    ///             .in_container(documents::project_id)
    ///             .and(before((documents::created_at, documents::id), cursor)))
    ///         .order((documents::created_at.desc(), documents::id.desc()))
    ///         .limit(50)
    ///         .select(documents::id)
    ///         .load(conn)
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// It stands alone wherever a condition can: in `filter`, in the `on` of a join, in `update` and
    /// `delete`; a query selects it as [`is_visible`](VisibleTo::is_visible). What narrows the list
    /// stands inside it, with [`and`](VisibleTo::and), or around it, with [`listed`](crate::listed).
    /// Nothing stands beside it: a second `filter`, `or_filter`, `or`, `not` and `is_not_null` do not
    /// compile, because Diesel types `OR` as it types `AND` (pitfall 7).
    ///
    /// **Where Diesel forgets the types**, in boxed queries, on what `diesel::delete` makes, on upserts
    /// and in a `case_when`, anything beside it compiles and is refused when the query is written, before anything
    /// is sent: a `QueryBuilderError` that says what to write. [`listed`](crate::listed) puts the
    /// condition on such a query.
    ///
    /// A table or alias whose name begins with `portcullis` could be taken for one of the
    /// condition's own: the query fails before anything is sent (pitfall 5).
    ///
    /// On `MySQL` it renders, untested on a server. Keys of the type Text are refused there.
    ///
    /// A viewer that is out of date lists nothing.
    fn visible_to<'a>(self, who: impl Sees<'a>, kind: Kind) -> VisibleTo<'a, Self>
    where
        Self: ValidGrouping<(), IsAggregate: OfATable>,
        Self::SqlType: HostKeyType,
    {
        VisibleTo {
            list: who.rows_of(kind).column(NAME),
            templates: Templates::default(),
            columns: OnceLock::new(),
            item: self,
            owner: NoColumn,
            container: NoColumn,
        }
    }
}

impl<C: Expression> VisibleToDsl for C {}

/// A template has holes where its columns are, whatever they are called.
const NAME: &str = "";

/// A condition that keeps the rows somebody may see; [`VisibleToDsl::visible_to`] starts it.
///
/// `C` is the column of the item's key, `O` that of its owner's and `K` that of its container's.
#[derive(Clone, Debug)]
#[must_use = "a condition that is in no query hides nothing"]
pub struct VisibleTo<'a, C, O = NoColumn, K = NoColumn> {
    pub(super) list: SqlList<'a>,
    templates: Templates,
    /// Looked at once; what is wrong with them.
    pub(super) columns: OnceLock<Result<(), String>>,
    pub(super) item: C,
    pub(super) owner: O,
    pub(super) container: K,
}

impl<'a, C, O, K> VisibleTo<'a, C, O, K> {
    /// The column with the host's key of the client. A row in which it is not the client we know
    /// is hidden.
    ///
    /// Give it wherever there is one, with an index over it and the order of the list: then a page
    /// costs the page.
    pub fn owned_by<N>(self, column: N) -> VisibleTo<'a, C, N, K>
    where
        N: Expression + ValidGrouping<(), IsAggregate: OfATable>,
        N::SqlType: HostKeyType,
    {
        VisibleTo {
            list: self.list.owned_by(NAME),
            templates: Templates::default(),
            columns: OnceLock::new(),
            item: self.item,
            owner: column,
            container: self.container,
        }
    }

    /// The column with the host's key of the container; NULL in it means the client's root. For a
    /// column that holds one kind of container alone, take
    /// [`in_container_of`](Self::in_container_of).
    pub fn in_container<N>(self, column: N) -> VisibleTo<'a, C, O, N>
    where
        N: Expression + ValidGrouping<(), IsAggregate: OfATable>,
        N::SqlType: HostKeyType,
    {
        VisibleTo {
            list: self.list.in_container(NAME),
            templates: Templates::default(),
            columns: OnceLock::new(),
            item: self.item,
            owner: self.owner,
            container: column,
        }
    }

    /// The column with the host's key of the container, if that is of `kind`; NULL in it means a
    /// container of another kind.
    pub fn in_container_of<N>(self, kind: ContainerKind, column: N) -> VisibleTo<'a, C, O, N>
    where
        N: Expression + ValidGrouping<(), IsAggregate: OfATable>,
        N::SqlType: HostKeyType,
    {
        VisibleTo {
            list: self.list.in_container_of(kind, NAME),
            templates: Templates::default(),
            columns: OnceLock::new(),
            item: self.item,
            owner: self.owner,
            container: column,
        }
    }

    /// For a query that asks for no order: a count, an update, a delete. The rows are the same, and
    /// read by what was granted rather than in the order of a list.
    pub fn unordered(self) -> Self {
        Self {
            list: self.list.unordered(),
            templates: Templates::default(),
            ..self
        }
    }

    /// The same list, of the rows that fulfil `condition` too: `visible.and(documents::title.eq("a"))`,
    /// `visible.and(before(..))`. However it is made of others, it only leaves rows out.
    pub fn and<E>(self, condition: E) -> Narrowed<Self, E>
    where
        E: Expression,
        E::SqlType: BoolOrNullableBool,
    {
        Narrowed::new(self, condition)
    }

    /// Whether the viewer may see a row, to be selected beside the rows of a query of its own:
    /// `select((documents::id, visible.is_visible()))`.
    pub fn is_visible(self) -> IsVisible<Self> {
        IsVisible(self)
    }

    fn template(&self, dialect: Option<Dialect>) -> QueryResult<&Template> {
        self.templates.of(&self.list, dialect, SqlList::template)
    }
}

/// Whole queries.
#[expect(
    clippy::needless_pass_by_value,
    reason = "tables are handed over as to Diesel's own queries"
)]
impl<C, O, K> VisibleTo<'_, C, O, K> {
    /// The rows of `tables` that the viewer may see, as a query of its own: see [`Rows`].
    pub fn rows<T>(self, tables: T) -> Rows<Self, T>
    where
        T: Tables,
    {
        Rows::new(self, &tables)
    }

    /// A page of `tables` in the order of our own lists: the first `limit` behind `after` of what is
    /// open to the viewer, at least one and up to `portcullis_sharing::PAGE_LIMIT`. See [`Page`].
    pub fn page<T>(self, tables: T, after: Option<PageToken>, limit: u32) -> Page<Self, T>
    where
        T: Tables,
    {
        Page::new(self, &tables, after, limit)
    }

    /// How many rows of `tables` the viewer may see, counted up to `cap`: see [`Counted`].
    pub fn count<T>(self, tables: T, cap: u32) -> Counted<Self, T>
    where
        T: Tables,
    {
        Counted::new(self, &tables, cap)
    }
}

impl<C, O, K> Expression for VisibleTo<'_, C, O, K>
where
    C: Expression,
    O: Expression,
    K: Expression,
{
    type SqlType = Visible;
}

impl<C, O, K, QS: ?Sized> AppearsOnTable<QS> for VisibleTo<'_, C, O, K>
where
    C: AppearsOnTable<QS>,
    O: AppearsOnTable<QS>,
    K: AppearsOnTable<QS>,
{
}

impl<C, O, K, QS: ?Sized> SelectableExpression<QS> for VisibleTo<'_, C, O, K>
where
    C: SelectableExpression<QS>,
    O: SelectableExpression<QS>,
    K: SelectableExpression<QS>,
{
}

impl<C, O, K, GB> ValidGrouping<GB> for VisibleTo<'_, C, O, K>
where
    (C, O, K): ValidGrouping<GB>,
{
    type IsAggregate = <(C, O, K) as ValidGrouping<GB>>::IsAggregate;
}

/// Diesel keeps it prepared under its text, of which there is a bounded number (pitfall 14).
impl<C, O, K> QueryId for VisibleTo<'_, C, O, K> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, O, K, DB> QueryFragment<DB> for VisibleTo<'_, C, O, K>
where
    Self: Writes<DB>,
    DB: Lists,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        stands_alone(out.reborrow())?;
        self.write_condition(out)
    }
}

impl<C, O, K, DB> Condition<DB> for VisibleTo<'_, C, O, K>
where
    Self: Writes<DB>,
    DB: Lists,
{
    fn write_condition<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let template = self.template(out.backend().dialect())?;
        self.write(template, &mut |_, _| Ok(()), out)
    }
}
