//! What one decision costs. `--check` fails beyond the promise, `--smoke` runs each part once,
//! anything else is a criterion run.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a bench reads the clock, prints what it measured, and stops where its world is wrong"
)]

use benches::decide_world::{NOW, Question, World};
use benches::draw::Draw;
use criterion::Criterion;
use portcullis_access::{Fields, Gate, Granted, UserKind, Verb, Viewer};
use portcullis_sharing::{Decision, Exposure, ItemFacts, Kin, decide};
use std::env;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const QUESTIONS: usize = 10_000;
/// At most this many nanoseconds a decision, in the median of all passes.
const MOST_NANOS: f64 = 25.0;
/// At most this many times what the function written by hand takes.
const MOST_TIMES_BY_HAND: f64 = 4.0;
/// What the widest viewer may cost, as a multiple of the cheapest.
const MOST_SPREAD: f64 = 1.5;

fn main() -> ExitCode {
    let flags: Vec<_> = env::args().skip(1).collect();
    let given = |flag: &str| flags.iter().any(|given| given == flag);
    if given("--smoke") {
        measure(1, 3, 20_000);
        ExitCode::SUCCESS
    } else if given("--check") {
        if kept(&measure(60, 51, 1_000_000)) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    } else {
        with_criterion();
        ExitCode::SUCCESS
    }
}

#[derive(Clone, Copy)]
struct Figures {
    allocations: u64,
    decide: f64,
    by_hand: f64,
    wide: [f64; 3],
}

impl Figures {
    const NONE: Self = Self {
        allocations: 0,
        decide: f64::MAX,
        by_hand: f64::MAX,
        wide: [f64::MAX; 3],
    };

    /// Of two rounds the quieter: what else the machine does only ever adds.
    fn or_quieter(self, other: Self) -> Self {
        let [one, some, many] = self.wide;
        let [one_too, some_too, many_too] = other.wide;
        Self {
            allocations: self.allocations.max(other.allocations),
            decide: self.decide.min(other.decide),
            by_hand: self.by_hand.min(other.by_hand),
            wide: [one.min(one_too), some.min(some_too), many.min(many_too)],
        }
    }
}

/// Measures everything in `rounds` rounds of `passes` passes each, prints it, and hands the promised figures back.
fn measure(rounds: usize, passes: usize, scattered: usize) -> Figures {
    let mut world = World::of_many(2);
    let questions = world.questions(QUESTIONS);
    is_no_easy_world(&world, &questions);
    agrees_with_by_hand(&world, &questions);
    let allocations = allocation_counter::measure(|| {
        black_box(decide_all(&world, &questions));
    })
    .count_total;
    let mut figures = Figures {
        allocations,
        ..Figures::NONE
    };
    let wide = [1, 300, 3_000].map(|clients| {
        let mut world = World::of_wide(7, clients);
        let questions = world.questions(QUESTIONS);
        (world, questions)
    });
    for _ in 0..rounds {
        figures = figures.or_quieter(Figures {
            allocations,
            decide: median(passes, || decide_all(&world, &questions)),
            by_hand: median(passes, || by_hand_all(&world, &questions)),
            wide: wide
                .each_ref()
                .map(|(world, questions)| median(passes, || decide_all(world, questions))),
        });
    }
    print(&figures);
    println!(
        "  {:.1} ns with facts picked at random from {scattered} (no promise)",
        scattered_nanos(&mut world, scattered)
    );
    figures
}

fn print(figures: &Figures) {
    let [one, some, many] = figures.wide;
    println!("decide: {QUESTIONS} questions, median a decision in the quietest round");
    println!("  {} allocations (promise: 0)", figures.allocations);
    println!("  {:.1} ns (promise: at most {MOST_NANOS})", figures.decide);
    println!(
        "  {:.2} x by hand, {:.1} ns (promise: at most {MOST_TIMES_BY_HAND})",
        figures.decide / figures.by_hand,
        figures.by_hand
    );
    println!(
        "  {one:.1} / {some:.1} / {many:.1} ns for viewers of 1 / 300 / 3,000 clients, spread {:.2} (promise: at most {MOST_SPREAD})",
        spread(&figures.wide)
    );
}

fn kept(figures: &Figures) -> bool {
    figures.allocations == 0
        && figures.decide <= MOST_NANOS
        && figures.decide <= figures.by_hand * MOST_TIMES_BY_HAND
        && spread(&figures.wide) <= MOST_SPREAD
}

fn spread(figures: &[f64]) -> f64 {
    let most = figures.iter().copied().fold(0.0, f64::max);
    let least = figures.iter().copied().fold(f64::MAX, f64::min);
    most / least
}

fn decide_all(world: &World, questions: &[Question]) -> usize {
    let mut allowed = 0;
    for question in questions {
        if let Some(viewer) = world.viewers.get(question.viewer) {
            let decision = decide(viewer, question.verb, &question.facts, NOW);
            allowed += usize::from(black_box(decision).is_allow());
        }
    }
    allowed
}

fn by_hand_all(world: &World, questions: &[Question]) -> usize {
    let mut allowed = 0;
    for question in questions {
        if let Some(viewer) = world.viewers.get(question.viewer) {
            allowed += usize::from(black_box(by_hand(viewer, &question.facts)));
        }
    }
    allowed
}

/// What a team would write that needs a yes or no for View and nothing else.
fn by_hand(viewer: &Viewer, facts: &ItemFacts) -> bool {
    let Some(held) = viewer.held_at(facts.client) else {
        return false;
    };
    let container = &facts.container;
    let granted = || match viewer.granted(container.id) {
        Granted::Yes(grant) => grant.live_at(NOW),
        Granted::No => false,
        Granted::AskFacts => facts
            .bond
            .is_some_and(|bond| bond.user == viewer.user() && bond.grant.is_some()),
    };
    let basics = NOW < viewer.valid_until()
        && viewer.state() == portcullis_id::State::Usable
        && viewer.licensed().contains(container.kind)
        && held.rights.allows(Verb::View, facts.path)
        && (viewer.reach().contains(container.kind) || granted());
    if !basics || viewer.kind() == UserKind::Staff {
        return basics;
    }
    let shown = match facts.kin {
        Kin::Of { open_child } => open_child,
        Kin::Under { open: false } => false,
        _ => facts.exposure.exposes(facts.default),
    };
    viewer.portal_active()
        && held.usable
        && !held.closed.union(container.closed).intersects(facts.path)
        && container.exposure != Exposure::Hidden
        && shown
        && facts.lifecycle.is_issued()
        && container.lifecycle.is_issued()
}

fn agrees_with_by_hand(world: &World, questions: &[Question]) {
    for question in questions {
        let viewer = world.viewers.get(question.viewer).expect("a viewer");
        let decided = decide(viewer, Verb::View, &question.facts, NOW).is_allow();
        assert_eq!(
            decided,
            by_hand(viewer, &question.facts),
            "both say the same of {question:?}"
        );
    }
}

/// Every gate but the mask refuses one question in a hundred at least, and the mask hides a field
/// in one in a hundred.
fn is_no_easy_world(world: &World, questions: &[Question]) {
    let decisions: Vec<_> = questions
        .iter()
        .map(|question| {
            let viewer = world.viewers.get(question.viewer).expect("a viewer");
            decide(viewer, question.verb, &question.facts, NOW)
        })
        .collect();
    let hundredth = questions.len() / 100;
    for gate in Gate::ALL {
        let at_work = decisions
            .iter()
            .filter(|decision| match decision {
                Decision::Deny(deny) => deny.gate == gate,
                Decision::Allow { fields } => gate == Gate::Fields && *fields != Fields::ALL,
            })
            .count();
        assert!(
            at_work >= hundredth,
            "{gate} is at work in {at_work} of {} questions, too few",
            questions.len()
        );
    }
}

/// The median of many passes over all questions, in nanoseconds a question.
fn median(passes: usize, mut pass: impl FnMut() -> usize) -> f64 {
    let mut times: Vec<_> = (0..passes).map(|_| time(&mut pass)).collect();
    middle(&mut times)
}

fn time(pass: &mut impl FnMut() -> usize) -> Duration {
    let start = Instant::now();
    black_box(pass());
    start.elapsed()
}

fn middle(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    let middle = times.get(times.len() / 2).expect("at least one pass");
    middle.as_secs_f64() * 1e9 / f64::from(u32::try_from(QUESTIONS).expect("a small number"))
}

/// Facts spread over more memory than any cache holds, each read once in a random order.
fn scattered_nanos(world: &mut World, number: usize) -> f64 {
    let all = world.questions(number);
    let mut draw = Draw::seeded(3);
    let picks: Vec<_> = (0..QUESTIONS).map(|_| draw.below(all.len())).collect();
    let picked = || {
        picks
            .iter()
            .filter_map(|pick| all.get(*pick))
            .filter(|question| {
                world.viewers.get(question.viewer).is_some_and(|viewer| {
                    black_box(decide(viewer, question.verb, &question.facts, NOW)).is_allow()
                })
            })
            .count()
    };
    middle(&mut [time(&mut { picked })])
}

fn with_criterion() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut world = World::of_many(2);
    let questions = world.questions(QUESTIONS);
    is_no_easy_world(&world, &questions);
    criterion.bench_function("decide/10000", |bencher| {
        bencher.iter(|| decide_all(&world, &questions));
    });
    criterion.bench_function("by-hand/10000", |bencher| {
        bencher.iter(|| by_hand_all(&world, &questions));
    });
    for clients in [1, 300, 3_000] {
        let mut world = World::of_wide(7, clients);
        let questions = world.questions(QUESTIONS);
        criterion.bench_function(&format!("decide/{clients}-clients"), |bencher| {
            bencher.iter(|| decide_all(&world, &questions));
        });
    }
    criterion.final_summary();
}
