//! The text with `$n`, run by a host that has tokio-postgres and none of our adapters.

use crate::host_rows::{COLUMNS, Columns, Person};
use crate::sharing_world::NOW;
use crate::stage::{STAFF, Stage, database, some_world};
use portcullis_access::{ContainerKind, Kind, UserKind, Viewer};
use portcullis_sql::{Dialect, Fragment, Val, VisibleTo, after, statement};
use std::error::Error;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls};

/// A value as PostgreSQL reads it.
#[derive(Debug)]
pub(crate) struct Bound(pub(crate) Val<'static>);

impl ToSql for Bound {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let bytes = match &self.0 {
            Val::Int(number) => number.map(|number| number.to_be_bytes().to_vec()),
            Val::Id(id) => id.map(|id| id.as_bytes().to_vec()),
            Val::Text(text) => text.map(|text| text.as_bytes().to_vec()),
            Val::Bytes(bytes) => bytes.map(<[u8]>::to_vec),
        };
        let Some(bytes) = bytes else {
            return Ok(IsNull::Yes);
        };
        out.extend_from_slice(&bytes);
        Ok(IsNull::No)
    }

    fn accepts(of: &Type) -> bool {
        [Type::INT8, Type::UUID, Type::TEXT].contains(of)
    }

    to_sql_checked!();
}

pub(crate) fn bound(values: &[Bound]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

pub(crate) async fn numbers(
    host: &Client,
    sql: &str,
    visible: &Fragment,
    more: &[Val<'static>],
) -> Vec<i64> {
    let values: Vec<Bound> = visible
        .params()
        .iter()
        .copied()
        .chain(more.iter().copied())
        .map(Bound)
        .collect();
    let rows = host
        .query(&statement::numbered(sql, 1), &bound(&values))
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

pub(crate) fn using(list: VisibleTo<'_>, columns: Columns) -> VisibleTo<'_> {
    let list = list.column("t.id");
    match columns {
        Columns::Key => list,
        Columns::Owner => list.owned_by("t.client_id"),
        Columns::Container => list.in_container("t.project_id"),
        Columns::OwnerAndProject => list
            .owned_by("t.client_id")
            .in_container_of(ContainerKind::Project, "t.project_id"),
    }
}

/// The list, its pages of three and its capped count are the rule row by row.
async fn check(host: &Client, stage: &Stage, viewer: &Viewer, columns: Columns) {
    let allowed = stage.allowed(viewer, columns);
    let list = || {
        let list = portcullis_sql::visible_to(viewer, Kind::TASK, stage.rules.catalogue(), NOW);
        using(list, columns)
    };
    let select = "SELECT t.number FROM tasks AS t";
    for visible in [list(), list().on(Dialect::Postgres)] {
        let visible = visible.sql().unwrap();
        let sql = visible.query(select, "", "ORDER BY t.number").unwrap();
        assert_eq!(
            numbers(host, &sql, &visible, &[]).await,
            allowed,
            "{columns:?}"
        );
        let (mut paged, mut cursor) = (Vec::new(), None);
        loop {
            let keyset = after(["t.number"], cursor).unwrap();
            let tail = format!("{} LIMIT 3", keyset.order());
            let sql = visible.query(select, keyset.text(), &tail).unwrap();
            let page = numbers(host, &sql, &visible, keyset.params()).await;
            let Some(end) = page.last() else { break };
            cursor = Some([Val::from(*end)]);
            paged.extend(page);
        }
        assert_eq!(paged, allowed, "{columns:?}");
    }
    let visible = list().counted(Dialect::Postgres).sql().unwrap();
    for cap in [2, 1_000] {
        let sql = visible.capped_count("tasks AS t", "", cap).unwrap();
        let least = allowed.len().min(usize::try_from(cap).unwrap());
        let counted = numbers(host, &sql, &visible, &[]).await;
        assert_eq!(counted, [i64::try_from(least).unwrap()], "{columns:?}");
    }
}

#[test]
fn l04_a_list_through_tokio_postgres_is_the_rule_row_by_row() {
    let Some(database) = database() else { return };
    let (raw, seeds) = some_world();
    let stage = Stage::on(&database, &raw, &seeds);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (host, connection) = tokio_postgres::connect(&stage.url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let mut seen = 0;
        for kind in UserKind::ALL {
            for every_client in [true, false] {
                let person = Person {
                    kind,
                    every_client,
                    ..STAFF
                };
                let viewer = stage.viewer(&person);
                for columns in COLUMNS {
                    check(&host, &stage, &viewer, columns).await;
                    seen += stage.allowed(&viewer, columns).len();
                }
            }
        }
        assert!(seen > 10, "{seen}");
    });
}
