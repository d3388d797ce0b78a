use diesel::expression::TypedExpressionType;
use diesel::query_builder::QueryId;
use diesel::sql_types::is_nullable::{IsNullable, NotNull};
use diesel::sql_types::{BoolOrNullableBool, MaybeNullableType, OneIsNullable, SqlType};

/// The SQL type of a list's condition: a `Bool` beside which nothing can be put.
///
/// Diesel types `OR` as it types `AND`: whatever could stand beside the condition in a `filter` could
/// stand beside it in an `or_filter`. So nothing can, on either side, and it cannot be negated or
/// compared. What narrows the list goes into it, with [`VisibleTo::and`](crate::VisibleTo::and).
#[derive(Clone, Copy, Debug, QueryId)]
pub struct Visible;

/// What may stand beside a list's condition: nothing.
#[diagnostic::on_unimplemented(
    message = "nothing stands beside `visible_to`, neither before it nor behind it",
    label = "a condition beside the list's",
    note = "write a condition of your own into it: `.filter(visible.and(documents::title.eq(\"a\")))`, `.filter(visible.and(before(..)))`",
    note = "or put it around the whole query: `listed(query, visible).filter(..)`",
    note = "`.or_filter(..)` and `.or(..)` beside it would show rows that the viewer may not see"
)]
pub trait BesideAList {}

/// Of [`Visible`], and of whatever is made of it by an operator.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl SqlType for Visible {
    type IsNull = Alone;
}

impl BoolOrNullableBool for Visible {}

/// No `SingleValue`, which is what can be compared and be selected.
impl TypedExpressionType for Visible {}

impl OneIsNullable<Alone> for NotNull {
    type Out = Alone;
}

impl OneIsNullable<Alone> for IsNullable {
    type Out = Alone;
}

impl<N> OneIsNullable<N> for Alone {
    type Out = Self;
}

/// Where Diesel asks what an operator makes of a list's condition.
impl<O> MaybeNullableType<O> for Alone
where
    O: BesideAList + SqlType + TypedExpressionType,
{
    type Out = O;
}
