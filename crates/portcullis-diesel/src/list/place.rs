use super::database::Lists;
use diesel::backend::Backend;
use diesel::internal::derives::multiconnection::AstPassHelper as _;
use diesel::query_builder::{AstPass, QueryBuilder as _};
use diesel::result::{Error, QueryResult};
use std::cell::Cell;

/// A list's condition as [`listed`](crate::listed) writes it, whatever stands beside it.
pub trait Condition<DB: Backend> {
    /// Writes it.
    fn write_condition<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

/// Refuses a list's condition that anything stands beside, before anything is sent.
///
/// Where Diesel keeps the types of a query such a one does not compile. Of a boxed query, a `delete` and
/// an upsert it forgets them or never asks, and there this is what refuses (pitfall 7): a condition that
/// is not alone stands in parentheses of Diesel's or behind an operator, and one that is alone does not.
pub(super) fn stands_alone<DB: Lists>(out: AstPass<'_, '_, DB>) -> QueryResult<()> {
    // The last is written by a list's condition, around what narrows it.
    stands_behind(&[" WHERE ", " ON ", " AND ("], BESIDE, out)
}

/// Refuses what is for the selection of a query anywhere else.
pub(super) fn is_selected<DB: Lists>(out: AstPass<'_, '_, DB>) -> QueryResult<()> {
    stands_behind(&["SELECT ", "DISTINCT ", "RETURNING ", ", "], SELECTED, out)
}

const BESIDE: &str = "nothing stands beside `visible_to`, neither before it nor behind it: an `or_filter` there would show rows that the viewer may not see; write `visible.rows(table)` or `listed(query, visible)`, put the condition of your own into it with `visible.and(..)`, and select `visible.is_visible()`";

const SELECTED: &str = "`is_visible` is for what a query selects; to keep the rows that somebody may see, filter by the condition itself, `.filter(visible)`";

fn stands_behind<DB: Lists>(
    places: &[&str],
    refusal: &'static str,
    out: AstPass<'_, '_, DB>,
) -> QueryResult<()> {
    let found = Cell::new(true);
    look_at_text(out, |text| {
        // Without any text it is looked at by itself.
        found.set(text.is_empty() || places.iter().any(|place| text.ends_with(place)));
    });
    if found.get() {
        return Ok(());
    }
    Err(Error::QueryBuilderError(refusal.into()))
}

/// Shows `look` the text of the query so far, in the walk that writes it.
///
/// Diesel lends what it writes to nobody but the derive of `MultiConnection`, which casts it to another
/// database's. Cast to its own, it is taken out, looked at, and put back as it was.
fn look_at_text<DB: Lists>(out: AstPass<'_, '_, DB>, look: impl Fn(&str)) {
    let fresh = Cell::new(Some(out.backend().builder()));
    out.cast_database::<DB>(
        |binds| binds,
        |builder| {
            if let Some(fresh) = fresh.take() {
                // PostgreSQL's numbers its parameters: the next one tells how many there are.
                builder.push_bind_param();
                let whole = std::mem::replace(builder, fresh).finish();
                let end = whole.rfind(['?', '$']).unwrap_or(whole.len());
                let (text, next) = whole.split_at(end);
                let next: u32 = next.get(1..).and_then(|n| n.parse().ok()).unwrap_or(1);
                for _ in 1..next {
                    DB::skip_bind(builder);
                }
                builder.push_sql(text);
                look(text);
            }
            builder
        },
        |backend| backend,
        |lookup| lookup,
    );
}
