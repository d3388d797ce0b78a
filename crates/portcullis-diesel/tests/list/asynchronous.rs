//! The same list on a connection of diesel-async.

use crate::host_rows::Columns;
use crate::stage::{STAFF, Stage, database, some_world, tasks};
use diesel::prelude::*;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use portcullis_access::Kind;
use portcullis_diesel::{Lens, Placed, VisibleToDsl as _, before, capped_count, listed};

/// Can be spawned: a page of a server's request.
async fn page(
    me: Lens<'_>,
    cursor: Option<(i64,)>,
    host: &mut AsyncPgConnection,
) -> QueryResult<Vec<i64>> {
    let visible = || {
        tasks::id
            .visible_to(me, Kind::TASK)
            .owned_by(tasks::client_id)
    };
    let page = tasks::table
        .filter(visible().and(before((tasks::number,), cursor)))
        .order(tasks::number.desc())
        .limit(50)
        .select(tasks::number);
    let found: Vec<i64> = page.load(host).await?;
    let boxed = listed(tasks::table.into_boxed(), visible());
    let count: i64 = capped_count(boxed, 1_000).get_result(host).await?;
    assert_eq!(count, i64::try_from(found.len()).unwrap_or_default());
    let rows = visible()
        .rows(tasks::table)
        .filter(before((tasks::number,), cursor))
        .order(tasks::number.desc())
        .limit(50)
        .select(tasks::number);
    assert_eq!(rows.load::<i64>(host).await?, found);
    let counted = visible().count(tasks::table, 1_000);
    assert_eq!(counted.get_result::<i64>(host).await?, count);
    let page = visible().page(tasks::table, None, 50);
    let page: Vec<Placed<i64>> = page.select(tasks::number).load(host).await?;
    assert!(page.len() > 2 && page.iter().all(|placed| found.contains(&placed.row)));
    Ok(found)
}

fn sendable<F: Send>(future: F) -> F {
    future
}

#[test]
fn a_list_is_loaded_without_blocking() {
    let (raw, seeds) = some_world();
    let Some(database) = database() else { return };
    let stage = Stage::on(&database, &raw, &seeds);
    let viewer = stage.viewer(&STAFF);
    let mut allowed = stage.allowed(&viewer, Columns::Owner);
    allowed.reverse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let found = runtime.block_on(async {
        let mut host = AsyncPgConnection::establish(&stage.url).await.unwrap();
        sendable(page(stage.lens(&viewer), None, &mut host)).await
    });
    assert_eq!(found.unwrap(), allowed);
}
