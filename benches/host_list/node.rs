//! The page as a host on Diesel asks for it.

use crate::Case;
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;
use diesel::{ExpressionMethods, QueryDsl, QueryableByName, RunQueryDsl};
use portcullis_access::Kind;
use portcullis_diesel::VisibleToDsl as _;
use std::hint::black_box;

diesel::table! {
    documents {
        id -> BigInt,
        client_id -> BigInt,
        project_id -> Nullable<BigInt>,
        title -> Text,
        created_at -> BigInt,
    }
}

/// A row read whole.
#[derive(diesel::Queryable, QueryableByName)]
#[diesel(table_name = documents)]
pub(crate) struct Document {
    id: i64,
    client_id: i64,
    project_id: Option<i64>,
    title: String,
    created_at: i64,
}

/// The ids of rows that were read.
pub(crate) fn ids(rows: Vec<Document>) -> Vec<i64> {
    rows.into_iter()
        .map(|row| {
            black_box((row.client_id, row.project_id, row.title, row.created_at));
            row.id
        })
        .collect()
}

macro_rules! pages {
    ($($page:ident: $connection:ty;)+) => { $(
        /// Our first page, each time put together anew, as a host's function does.
        pub(crate) fn $page(case: &Case, connection: &mut $connection) -> Vec<i64> {
            let rows = documents::id
                .visible_to(case.lens(), Kind::DOCUMENT)
                .owned_by(documents::client_id)
                .in_container(documents::project_id)
                .rows(documents::table)
                .order(documents::created_at.desc())
                .then_order_by(documents::id.desc())
                .limit(50);
            ids(rows.load(connection).expect("it runs"))
        }
    )+ };
}

pages! {
    on_postgres: PgConnection;
    on_sqlite: SqliteConnection;
}
