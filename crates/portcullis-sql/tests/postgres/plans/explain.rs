use crate::plan;
use crate::psql::literal;
use portcullis_conformance::postgres::Database;
use portcullis_sql::statement::numbered;

pub(super) use crate::lists::Asked;
pub(super) use crate::plan::{For, Plan};

/// The plan of each, in order.
pub(super) fn explain(database: &Database, plan: For, asked: &[Asked], before: &str) -> Vec<Plan> {
    let texts: Vec<_> = asked
        .iter()
        .map(|Asked { sql, params, .. }| (numbered(sql, 1), params.iter().map(literal).collect()))
        .collect();
    plan::explain(database, plan, &texts, before)
}
