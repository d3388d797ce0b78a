//! What a page costs beside the same page written by hand. `--check` fails beyond the promise,
//! `--smoke` runs it small, anything else is a criterion run.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench reads the clock, prints what it measured, and stops where its world is wrong"
)]

use benches::page_world::{NOW, PageWorld};
use criterion::Criterion;
use portcullis_access::{Kind, Viewer};
use portcullis_ledger::StoreExt;
use portcullis_sharing::{Located, page};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use std::env;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// At most this many times the fastest query written by hand for the case.
const MOST_TIMES_BY_HAND: f64 = 1.3;

/// Written by hand, each for a group of cases. The first of a group answers ids alone and is shown
/// without a promise: a page hands out each row with what the next question is decided on, and so
/// do the others.
const BY_HAND: [(&str, &str, &str); 9] = [
    ("all", "all_ids", include_str!("by_hand/all_ids.sql")),
    ("all", "all_order", include_str!("by_hand/all_order.sql")),
    ("all", "all_join", include_str!("by_hand/all_join.sql")),
    (
        "member",
        "member_ids",
        include_str!("by_hand/member_ids.sql"),
    ),
    (
        "member",
        "member_join",
        include_str!("by_hand/member_join.sql"),
    ),
    (
        "member",
        "member_exists",
        include_str!("by_hand/member_exists.sql"),
    ),
    (
        "member",
        "member_tops",
        include_str!("by_hand/member_tops.sql"),
    ),
    (
        "member",
        "member_rows",
        include_str!("by_hand/member_rows.sql"),
    ),
    (
        "member",
        "member_heads",
        include_str!("by_hand/member_heads.sql"),
    ),
];

fn main() -> ExitCode {
    let flags: Vec<_> = env::args().skip(1).collect();
    let given = |flag: &str| flags.iter().any(|given| given == flag);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("page.db");
    let items = given("--smoke").then_some(20_000);
    let world = PageWorld::build(&file, items);
    let hand = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .expect("the file just written");
    if given("--smoke") {
        measure(&world, &hand, 3, false);
        ExitCode::SUCCESS
    } else if given("--check") {
        let kept = measure(&world, &hand, 60, true);
        if kept {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    } else {
        with_criterion(&world);
        ExitCode::SUCCESS
    }
}

/// Prints each case; whether all of them keep the promise.
fn measure(world: &PageWorld, hand: &Connection, rounds: u32, plans: bool) -> bool {
    let mut kept = true;
    for (case, viewer) in &world.cases {
        let expected = ours(world, viewer);
        assert_eq!(expected.len(), 50, "a full page for {case}");
        let group = if *case == "all" { "all" } else { "member" };
        let queries: Vec<_> = BY_HAND.iter().filter(|(of, ..)| *of == group).collect();
        // All in turn, so that whatever else the machine does falls on each alike.
        let mut times = vec![Vec::new(); queries.len() + 1];
        for _ in 0..rounds {
            times[0].push(timed(|| ours(world, viewer)));
            for (slot, (_, _, sql)) in times[1..].iter_mut().zip(&queries) {
                slot.push(timed(|| by_hand(world, hand, viewer, sql)));
            }
        }
        let medians: Vec<_> = times.iter_mut().map(|times| median(times)).collect();
        let mut fastest = f64::MAX;
        println!("{case:10} portcullis {:11.1} us", medians[0]);
        for ((_, name, sql), time) in queries.iter().zip(&medians[1..]) {
            let same = by_hand(world, hand, viewer, sql) == expected;
            let counts = same && !name.ends_with("_ids");
            let told = match (same, counts) {
                (false, _) => "  (other rows: does not count)",
                (true, false) => "  (ids alone: no promise)",
                (true, true) => "",
            };
            println!("{:10} {name:13} {time:8.1} us{told}", "");
            if counts {
                fastest = fastest.min(*time);
            }
            if plans {
                print_plan(world, hand, viewer, sql);
            }
        }
        let ratio = medians[0] / fastest;
        kept &= ratio <= MOST_TIMES_BY_HAND;
        println!(
            "{case:10} ratio to the fastest by hand: {ratio:.2} (at most {MOST_TIMES_BY_HAND})"
        );
    }
    kept
}

fn ours(world: &PageWorld, viewer: &Viewer) -> Vec<Uuid> {
    let catalogue = world.rules.catalogue();
    let found = world
        .store
        .read(|tx| page(tx, viewer, catalogue, Kind::DOCUMENT, None, 50, NOW))
        .expect("a readable file");
    found
        .rows
        .iter()
        .map(|row| Located::facts(row).item.uuid())
        .collect()
}

fn by_hand(world: &PageWorld, hand: &Connection, viewer: &Viewer, sql: &str) -> Vec<Uuid> {
    let mut statement = hand.prepare_cached(sql).expect("it is SQL");
    let columns = statement.column_count();
    let values = values(world, viewer);
    let rows = statement.query_map(values, |row| {
        let id: [u8; 16] = row.get(0)?;
        for column in 1..columns {
            black_box(row.get::<_, Value>(column)?);
        }
        Ok(Uuid::from_bytes(id))
    });
    rows.expect("it runs")
        .map(|id| id.expect("an id"))
        .collect()
}

fn print_plan(world: &PageWorld, hand: &Connection, viewer: &Viewer, sql: &str) {
    let mut statement = hand
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect("it is SQL");
    let values = values(world, viewer);
    let steps = statement.query_map(values, |row| row.get::<_, String>(3));
    for step in steps.expect("it runs").flatten() {
        println!("{:12}{step}", "");
    }
}

/// User, client, kind and now, as the queries number them.
fn values(world: &PageWorld, viewer: &Viewer) -> ([u8; 16], [u8; 16], u8, i64) {
    (
        viewer.user().uuid().into_bytes(),
        world.client.uuid().into_bytes(),
        Kind::DOCUMENT.number(),
        NOW.millis(),
    )
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times
        .get(times.len() / 2)
        .map_or(f64::MAX, |time| time.as_secs_f64() * 1e6)
}

fn with_criterion(world: &PageWorld) {
    let mut criterion = Criterion::default().configure_from_args();
    for (case, viewer) in &world.cases {
        criterion.bench_function(&format!("page of 50, {case}"), |bench| {
            bench.iter(|| ours(world, viewer));
        });
    }
    criterion.final_summary();
}
