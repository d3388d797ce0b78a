//! Pages and counts are the plan, row for row, on random data; and read no table whole.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

mod sharing_world;

use portcullis_access::{ContainerKinds, Kind, KindSet};
use portcullis_id::HostKey;
use portcullis_ledger::{StoreError, StoreExt};
use portcullis_rusqlite::Store;
use portcullis_sharing::{Branch, ClientScope, ItemRow, Lists, PageToken, Plan};
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
    rows.sort_by_key(|row| std::cmp::Reverse((row.item.created_at, row.item.id)));
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn l04_a_page_and_a_count_are_the_plan(raw in raw(), branches in branches(), limit in 1..9_u32, bonds: bool) {
        let store = Store::in_memory().unwrap();
        let world = World::new(&store, &raw);
        let plan = Plan { kind: Kind::TASK, user: user(), now: NOW, bonds, branches };
        let expected = expected(&world, &plan);

        let whole = store.read(|tx| tx.page(&plan, None, 500)).unwrap();
        prop_assert_eq!(&whole, &expected);

        // Never short, never skipping: pages one after the other are the list.
        let mut joined: Vec<ItemRow> = Vec::new();
        loop {
            let after = joined.last().map(|row| PageToken { at: row.item.created_at, item: row.item.id });
            let page = store.read(|tx| tx.page(&plan, after, limit)).unwrap();
            let full = page.len() == usize::try_from(limit).unwrap();
            prop_assert!(full || joined.len() + page.len() == expected.len());
            joined.extend(page);
            if !full {
                break;
            }
        }
        prop_assert_eq!(&joined, &expected);

        for cap in [0, 1, limit, 500] {
            let count = store.read(|tx| tx.count(&plan, cap)).unwrap();
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
                let by_key = tx.row(row.item.kind, &row.item.key, user())?;
                assert_eq!(by_id.as_ref(), Some(row));
                assert_eq!(by_key.as_ref(), Some(row));
            }
            assert_eq!(tx.row(Kind::TASK, &HostKey::from("0"), user())?, None);
            Ok::<_, StoreError>(())
        }).unwrap();
    }
}

/// Every shape of a list finds its rows by an index, and one that is a range of one index sorts
/// nothing.
#[test]
fn a_list_never_reads_a_table_whole() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("portal.db");
    Store::open(&path).unwrap().migrate(NOW).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    // What is made by the statement itself, and has no index.
    let derived = [
        "t", "k", "b", "cut", "united", "arm", "capped", "g", "CONSTANT",
    ];
    let shapes = portcullis_sql::statement::shapes();
    assert!(shapes.len() > 50);
    for (name, sql) in shapes {
        let plan = explain(&connection, &sql);
        for step in &plan {
            let Some(scan) = step.strip_prefix("SCAN ") else {
                continue;
            };
            let of = scan.split(' ').next().unwrap();
            let fine = derived.contains(&of) || of.starts_with('(');
            assert!(fine, "{name}: {step}\n{sql}\n{plan:#?}");
        }
        if name.starts_with("page") && !sql.contains(" AS k ") {
            assert!(
                !plan.iter().any(|step| step.contains("TEMP B-TREE")),
                "{name}: {plan:#?}"
            );
        }
        if sql.contains("WITH heads") && !name.starts_with("page united") {
            let driven: Vec<_> = plan
                .iter()
                .filter(|step| step.starts_with("SEARCH y"))
                .collect();
            let index = |step: &&&String| {
                step.contains("portcullis_item_container") && step.contains("COVERING")
                    || step.contains("portcullis_item_client")
            };
            assert!(
                driven.len() == 1 && driven.iter().all(|step| index(&step)),
                "{name}: {driven:#?}"
            );
        }
    }
}

fn explain(connection: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let mut rows = statement.raw_query();
    let mut plan = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        plan.push(row.get(3).unwrap());
    }
    plan
}
