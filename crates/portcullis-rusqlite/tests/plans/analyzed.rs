//! What SQLite does once ANALYZE, or `PRAGMA optimize`, has told it of tables with many rows.

use crate::explain::{Plan, migrated};
use crate::host::with_host_table;
use crate::lists::lists;
use portcullis_sql::{Dialect, statement};
use rusqlite::Connection;

#[test]
fn no_list_reads_a_table_into_a_filter_before_its_first_row() {
    let connection = migrated();
    with_host_table(&connection);
    tell_sizes(&connection);
    let own = statement::shapes(Dialect::Sqlite);
    let own = own.into_iter().map(|shape| (shape.name, shape.sql));
    // A text that is good for both databases asks in subqueries alone.
    let hosts = lists(Dialect::Sqlite);
    let hosts = hosts.into_iter().map(|asked| (asked.name, asked.sql));
    let wrong: Vec<String> = own
        .chain(hosts)
        .filter_map(|(name, sql)| {
            let plan = Plan::of(&connection, &sql);
            let filter = plan.steps().find(|step| step.contains("BLOOM FILTER ON"))?;
            Some(format!("{name}: {filter} {sql}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} {:#?}", wrong.len(), wrong.first());
}

/// The check above finds a filter where one is.
#[test]
fn a_join_with_conditions_of_its_own_is_found_out() {
    let connection = migrated();
    with_host_table(&connection);
    tell_sizes(&connection);
    let plan = Plan::of(
        &connection,
        "SELECT d.id FROM documents AS d CROSS JOIN portcullis_item AS i \
         WHERE i.kind = 4 AND i.key_uuid = d.id ORDER BY d.created_at DESC LIMIT 50",
    );
    assert!(
        plan.steps().any(|step| step.contains("BLOOM FILTER ON")),
        "{plan:#?}"
    );
}

/// Ten million documents, half of which we know.
fn tell_sizes(connection: &Connection) {
    connection.execute_batch("ANALYZE").unwrap();
    let mut indexes = connection
        .prepare(
            "SELECT t.name, i.name, (SELECT COUNT(*) FROM pragma_index_info(i.name)) \
             FROM sqlite_schema AS t JOIN pragma_index_list(t.name) AS i WHERE t.type = 'table'",
        )
        .unwrap();
    let indexes = indexes.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, i64>(2)?,
        ))
    });
    let indexes: Vec<_> = indexes.unwrap().collect::<Result<_, _>>().unwrap();
    assert!(indexes.len() > 20, "{indexes:?}");
    for (table, index, columns) in indexes {
        let rows = match table.as_str() {
            "documents" => 10_000_000,
            "portcullis_item" => 5_000_000,
            _ => 50_000,
        };
        // Each column leaves a thousandth of what the ones before it left.
        let mut stat = format!("{rows}");
        let mut alike = rows;
        for _ in 0..columns {
            alike = (alike / 1_000).max(1);
            stat = format!("{stat} {alike}");
        }
        connection
            .execute(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
                (table, index, stat),
            )
            .unwrap();
    }
    connection.execute_batch("ANALYZE sqlite_schema").unwrap();
}
