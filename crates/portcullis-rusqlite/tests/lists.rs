//! Pages and counts are the plan, row for row, on random data.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

mod sharing_world;

use portcullis_access::{ContainerKinds, Kind, KindSet};
use portcullis_id::HostKey;
use portcullis_ledger::{StoreError, StoreExt};
use portcullis_rusqlite::{Joined, Store, configure};
use portcullis_sharing::{Branch, ClientScope, ItemRow, Lists, PageToken, Plan};
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use portcullis_sql::{Dialect, Exec, Row, SqlTx, Val};
use proptest::prelude::*;
use sharing_world::{NOW, World, client, raw, user};

/// Two branches that no row can be in both of: one for some container kinds, one for the others.
fn branches() -> impl Strategy<Value = Vec<Branch>> {
    let clients = prop_oneof![
        Just(ClientScope::All),
        Just(ClientScope::Affiliated),
        prop::collection::btree_set((0..5_u8).prop_map(client), 0..4)
            .prop_map(|set| ClientScope::These(set.into_iter().collect())),
    ];
    let one = || {
        (
            clients.clone(),
            any::<bool>(),
            any::<bool>(),
            prop::sample::select(vec![0_i64, 0, 1, 2, 6]),
        )
    };
    (one(), one(), 0..64_i64, prop::bool::weighted(0.3)).prop_map(|(first, second, kinds, all)| {
        let kinds = ContainerKinds::from_bits(if all { 63 } else { kinds });
        [(first, kinds), (second, kinds.complement())]
            .map(
                |((clients, granted_only, open_only, barred), containers)| Branch {
                    clients,
                    containers,
                    granted_only,
                    barred: KindSet::from_bits(barred),
                    open_only,
                },
            )
            .into()
    })
}

/// The plan, asked of rows in memory.
fn expected(world: &World, plan: &Plan) -> Vec<ItemRow> {
    let affiliated = |client| world.affiliated.contains(&client);
    let mut rows: Vec<_> = world
        .rows
        .iter()
        .filter(|(row, _)| row.item.kind == plan.kind)
        .filter(|(row, container)| {
            let grant = row.bond.and_then(|bond| bond.grant);
            let granted = grant.is_some_and(|grant| grant.live_at(plan.now));
            plan.branches
                .iter()
                .any(|branch| branch.holds(&row.item, container, granted, affiliated))
        })
        .map(|(row, _)| ItemRow {
            bond: row.bond.filter(|_| plan.bonds),
            ..row.clone()
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.item.sort, row.item.id)));
    rows
}

/// SQLite asked with the texts for PostgreSQL, which it understands as well.
struct AsPostgres<'c>(Joined<'c>);

impl Exec for AsPostgres<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        self.0.run(sql, params)
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.0.rows(sql, params, each)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.0.script(sql)
    }
}

/// Pages one after the other.
fn joined(tx: &mut impl Lists, plan: &Plan, limit: u32) -> Vec<ItemRow> {
    let mut rows: Vec<ItemRow> = Vec::new();
    loop {
        let after = rows.last().map(|row| PageToken {
            sort: row.item.sort,
            item: row.item.id,
        });
        let page = tx.page(plan, after, limit).unwrap();
        let full = page.len() == usize::try_from(limit).unwrap();
        rows.extend(page);
        if !full {
            return rows;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn l04_a_page_and_a_count_are_the_plan(raw in raw(), branches in branches(), limit in 1..9_u32, bonds: bool) {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        configure(&connection).unwrap();
        let transaction = connection.transaction().unwrap();
        let migrator = Migrator::new(sets(), Tenancy::Shared);
        migrator.migrate(&mut Joined::new(&transaction).unwrap(), NOW).unwrap();
        let mut tx = SqlTx::new(Joined::new(&transaction).unwrap());
        let mut as_postgres = SqlTx::new(AsPostgres(Joined::new(&transaction).unwrap()));
        let world = World::fill(&mut tx, &raw).unwrap();
        let plan = Plan { kind: Kind::TASK, user: user(), now: NOW, bonds, branches };
        let expected = expected(&world, &plan);

        // Never short, never skipping: pages one after the other are the list.
        prop_assert_eq!(&tx.page(&plan, None, 500).unwrap(), &expected);
        prop_assert_eq!(&joined(&mut tx, &plan, limit), &expected);
        prop_assert_eq!(&as_postgres.page(&plan, None, 500).unwrap(), &expected);
        prop_assert_eq!(&joined(&mut as_postgres, &plan, limit), &expected);
        for cap in [0, 1, limit, 500] {
            let count = tx.count(&plan, cap).unwrap();
            prop_assert_eq!(count, u32::try_from(expected.len()).unwrap().min(cap));
        }
    }

    #[test]
    fn l03_a_row_is_the_item_with_all_that_bears_on_it(raw in raw()) {
        let store = Store::in_memory().unwrap();
        let world = World::new(&store, &raw);
        store.read(|tx| {
            for (row, _) in &world.rows {
                let by_id = tx.row_by_id(row.item.id, user())?;
                let by_key = tx.row(row.item.kind, &row.item.key, user())?.row;
                assert_eq!(by_id.as_ref(), Some(row));
                assert_eq!(by_key.as_ref(), Some(row));
            }
            assert_eq!(tx.row(Kind::TASK, &HostKey::from("0"), user())?.row, None);
            Ok::<_, StoreError>(())
        }).unwrap();
    }
}
