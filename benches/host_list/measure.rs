//! Takes times, prints them, and tells whether the promises are kept.

use crate::by_hand::BY_HAND;
use crate::database::{Database, Statement};
use crate::postgres::Postgres;
use crate::{CAP, Case};
use portcullis_sql::Dialect;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// At most this many times the fastest query written by hand.
const PAGE_BY_HAND: f64 = 1.2;
const COUNT_BY_HAND: f64 = 1.2;
/// Page 101 beside page 1, inside the server and through the driver.
const LATER_INSIDE: f64 = 2.0;
const LATER_THROUGH: f64 = 1.5;
/// A page of the largest client behind ten of a small one, beside one on a fresh connection.
const AFTER_TEN: f64 = 1.2;
/// The worst there is for an order that is walked, and for one that is put together from many clients:
/// shown without a promise.
const NO_PROMISE: [&str; 3] = [
    "client user, 10,000 hidden",
    "member of 600, old",
    "staff of 50, largest",
];
/// Queries slower than this beside ours, warm both, are out of the race and timed once.
const HOPELESS: f64 = 4.0;

/// Prints all of one case; whether it keeps the promises.
pub(crate) fn case(database: &mut dyn Database, case: &Case, rounds: u32, plans: bool) -> bool {
    let page = case.page(database.dialect());
    let expected = database.rows(&page);
    // What takes long is told apart in a few rounds.
    let long = timed(|| database.rows(&page)) > Duration::from_millis(100);
    let rounds = if long { rounds.min(3) } else { rounds };
    let name = format!("{}, {}", database.name(), case.person.case);
    println!("{name}: {} rows", expected.len());
    if plans {
        println!("{}\n{}", page.text, database.plan(&page));
    }
    let hand: Vec<_> = BY_HAND
        .iter()
        .filter(|(group, ..)| *group == case.person.group)
        .map(|(_, hand, sql)| (*hand, Statement::by_hand(sql, &case.asker)))
        .collect();
    let mut run = |asked: Option<&Statement>| database.rows(asked.unwrap_or(&page));
    let mut kept = race("page", &hand, &expected, rounds, PAGE_BY_HAND, &mut run);
    let mut run = |asked: Option<&Statement>| match asked {
        Some(statement) => database.rows_by_diesel(statement),
        None => database.page_of_node(case),
    };
    kept &= race("diesel", &hand, &expected, rounds, PAGE_BY_HAND, &mut run);

    let counted: Vec<_> = hand
        .iter()
        .filter_map(|(name, hand)| Some((*name, hand.counted(CAP)?)))
        .collect();
    let count = case.count(database.dialect());
    if plans {
        println!("{}\n{}", count.text, database.plan(&count));
    }
    let number = vec![database.number(&count)];
    let mut run = |asked: Option<&Statement>| vec![database.number(asked.unwrap_or(&count))];
    kept &= race("count", &counted, &number, rounds, COUNT_BY_HAND, &mut run);

    let bare = case.bare_page(database.dialect());
    let same = database.rows(&bare) == expected;
    assert!(same, "the container column agrees everywhere");
    let mut times: Vec<_> = (0..=rounds)
        .map(|_| timed(|| database.rows(&bare)))
        .collect();
    println!(
        "  page   without the container column: {:.1} us (no promise)",
        median(&mut times)
    );
    let paged = case.paged();
    if plans {
        println!("{}\n{}", paged.text, database.plan(&paged));
    }
    // Staff see rows that are in no order of ours.
    let same = database.rows(&paged) == expected;
    let mut times: Vec<_> = (0..=rounds)
        .map(|_| timed(|| database.rows(&paged)))
        .collect();
    println!(
        "  page   in our own order: {:.1} us (no promise){}",
        median(&mut times),
        if same { "" } else { " (other rows)" }
    );
    if number == [i64::from(CAP)] && database.rows(&page).len() == 50 {
        kept &= later(database, case, rounds);
    }
    kept || NO_PROMISE.contains(&case.person.case)
}

/// Ours against what is written by hand; whether it keeps the promise. `run` runs a statement by hand,
/// or ours where it is given none.
fn race(
    what: &str,
    hand: &[(&str, Statement)],
    expected: &[i64],
    rounds: u32,
    most: f64,
    run: &mut dyn FnMut(Option<&Statement>) -> Vec<i64>,
) -> bool {
    let mut times = vec![Vec::new(); hand.len() + 1];
    // Each once before any is timed: whoever comes first reads what others find read.
    let same: Vec<bool> = hand
        .iter()
        .map(|(_, statement)| run(Some(statement)) == expected)
        .collect();
    assert!(run(None) == expected, "{what} of ours has other rows");
    times[0].push(timed(|| run(None)));
    for ((_, statement), slot) in hand.iter().zip(&mut times[1..]) {
        slot.push(timed(|| run(Some(statement))));
    }
    let limit = times[0][0].mul_f64(HOPELESS) + Duration::from_millis(2);
    let racing: Vec<bool> = times.iter().map(|slot| slot[0] <= limit).collect();
    let mut turns: Vec<usize> = (0..racing.len()).filter(|place| racing[*place]).collect();
    // All in turn, so that whatever else the machine does falls on each alike, and to and fro: who comes
    // behind one that reads the same finds it in the cache.
    for _ in 0..rounds {
        for place in &turns {
            let statement = place.checked_sub(1).map(|place| &hand[place].1);
            times[*place].push(timed(|| run(statement)));
        }
        turns.reverse();
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    println!("  {what:6} portcullis    {:11.1} us", medians[0]);
    let mut fastest: Option<(&str, f64)> = None;
    for (((name, _), time), same) in hand.iter().zip(&medians[1..]).zip(&same) {
        let told = if *same {
            ""
        } else {
            "  (other rows: does not count)"
        };
        println!("  {what:6} {name:13} {time:11.1} us{told}");
        if *same && fastest.is_none_or(|(_, fastest)| *time < fastest) {
            fastest = Some((name, *time));
        }
    }
    let (name, fastest) = fastest.expect("somebody who writes the same by hand");
    let ratio = medians[0] / fastest;
    let verdict = if ratio <= most { "" } else { "  BEYOND" };
    println!("  {what:6} ratio to {name}: {ratio:.2} (at most {most}){verdict}");
    ratio <= most
}

/// Page 101 beside page 1; whether it keeps the promise.
fn later(database: &mut dyn Database, case: &Case, rounds: u32) -> bool {
    let to_page_101 = case.up_to(5_050, database.dialect());
    let few = database.number(&to_page_101) < 5_050;
    if few {
        return true;
    }
    let first = case.page(database.dialect());
    let later = case.page_behind(case.key(database, 5_000), database.dialect());
    assert_eq!(database.rows(&later).len(), 50);
    let mut times = [Vec::new(), Vec::new()];
    let mut inside = [Vec::new(), Vec::new()];
    for _ in 0..=rounds {
        for (place, statement) in [&first, &later].into_iter().enumerate() {
            times[place].push(timed(|| database.rows(statement)));
            inside[place].extend(
                database
                    .inside(statement)
                    .map(|micros| Duration::from_secs_f64(micros / 1e6)),
            );
        }
    }
    let [one, other] = &mut times;
    let mut kept = told(
        "page 101 through the driver",
        median(one),
        median(other),
        LATER_THROUGH,
    );
    let [one, other] = &mut inside;
    if !one.is_empty() {
        kept &= told(
            "page 101 inside the server",
            median(one),
            median(other),
            LATER_INSIDE,
        );
    }
    kept
}

/// The trap of generic plans: ten pages for a small client, then one of the largest; with plans for
/// the values, as our pool sets them, and with the server left alone.
pub(crate) fn after_ten_pages(url: &str, cases: &[Case], rounds: u32) -> bool {
    let page = |name: &str| {
        let case = cases.iter().find(|case| case.person.case == name);
        case.expect("a case").page(Dialect::Postgres)
    };
    let small = page("client user, median");
    let large = page("client user, largest");
    let mut kept = true;
    for (custom, how) in [
        (true, "plans for the values"),
        (false, "the server left alone"),
    ] {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..=rounds {
            for (place, before) in [0, 10].into_iter().enumerate() {
                let mut connection = Postgres::connect(url, custom);
                // Whatever a connection has to read first is no part of either.
                connection.rows(&large);
                for _ in 0..before {
                    connection.rows(&small);
                }
                times[place].push(timed(|| connection.rows(&large)));
            }
        }
        let [fresh, after] = &mut times;
        let what = format!("largest client after ten pages of a small one, {how}");
        kept &= told(&what, median(fresh), median(after), AFTER_TEN);
    }
    kept
}

fn told(what: &str, first: f64, second: f64, most: f64) -> bool {
    let ratio = second / first;
    let verdict = if ratio <= most { "" } else { "  BEYOND" };
    println!("  {what}: {first:.1} us, {second:.1} us, {ratio:.2} (at most {most}){verdict}");
    ratio <= most
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
