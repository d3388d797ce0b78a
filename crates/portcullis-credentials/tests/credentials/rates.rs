//! The limit per source, which stands beside the counters of accounts and factors.

use crate::world::{NEXT, RIGHT, T0, WRONG, World, by, imported, secret, world_with};
use chrono::TimeDelta;
use portcullis_credentials::{
    Cause, CredentialSettings, Current, EnrolStep, FactorCode, FactorStep, FirstPassword,
    NewPassword, PasswordStep, Reauthentication, Shown, SignIn, Source, Step, TokenSecret,
};
use portcullis_id::{Timestamp, minutes};
use portcullis_ledger::StoreExt;
use proptest::prelude::*;
use std::sync::atomic::Ordering;

const OVER: Cause = Cause::TooManyFromSource;

/// One attempt in 6 seconds, three at once.
fn strict() -> CredentialSettings {
    CredentialSettings {
        source_attempts_per_minute: Some(10),
        source_burst: 3,
        ..CredentialSettings::default()
    }
}

fn millis(n: i64) -> TimeDelta {
    TimeDelta::milliseconds(n)
}

fn cause(outcome: &SignIn) -> Option<Cause> {
    match outcome {
        SignIn::Refused(refusal) => Some(refusal.cause()),
        _ => None,
    }
}

fn from(world: &World, source: &str, name: &str, password: &str, now: Timestamp) -> SignIn {
    let source = Source::new(source);
    let signed_in = world
        .credentials
        .sign_in(&world.store, name, &secret(password), &source, now);
    signed_in.unwrap()
}

#[test]
fn bug12_a_source_over_its_limit_costs_no_hash_and_counts_against_nobody() {
    let world = world_with(strict());
    for name in ["nobody", "", "ada"] {
        assert_ne!(cause(&world.try_sign_in(name, WRONG, T0)), Some(OVER));
    }
    let before = world.store.rows();
    let runs = world.kdf.count();
    for (name, password) in [
        ("nobody", WRONG),
        ("", WRONG),
        ("ada", WRONG),
        ("ada", RIGHT),
    ] {
        let SignIn::Refused(refusal) = world.try_sign_in(name, password, T0) else {
            panic!("{name} was let in");
        };
        assert_eq!((refusal.cause(), refusal.shown()), (OVER, Shown::TryLater));
    }
    let after = world.store.rows();
    assert_eq!(world.kdf.count(), runs);
    assert_eq!(world.tries().counted, 1);
    assert_eq!(
        after.audit.len(),
        before.audit.len(),
        "a flood writes nothing"
    );
    assert_eq!(after.rates, before.rates, "nor is it ever later for it");
    let told: Vec<_> = after
        .audit
        .iter()
        .filter(|entry| entry.action == "source.limit")
        .collect();
    assert_eq!(told.len(), 1);
    let next = T0.after(millis(6_000));
    assert_eq!(
        told[0].detail,
        format!("none left until {next}, from 10.0.0.1")
    );
    let early = next.before(millis(1));
    assert_eq!(cause(&world.try_sign_in("ada", RIGHT, early)), Some(OVER));
    assert_eq!(
        cause(&world.try_sign_in("ada", RIGHT, next)),
        None,
        "one is paid back"
    );
    assert_eq!(cause(&world.try_sign_in("ada", RIGHT, next)), Some(OVER));
    let rested = next.after(minutes(1));
    for _ in 0..3 {
        assert_eq!(
            cause(&world.try_sign_in("ada", RIGHT, rested)),
            None,
            "all are"
        );
    }
    assert_eq!(cause(&world.try_sign_in("ada", RIGHT, rested)), Some(OVER));
}

#[test]
fn bug12_who_comes_from_elsewhere_is_let_in() {
    let world = world_with(strict());
    for _ in 0..50 {
        let _ = world.try_sign_in("ada", WRONG, T0);
    }
    assert_eq!(world.tries().counted, 3, "not enough to lock ada out");
    assert_eq!(cause(&from(&world, "10.0.0.2", "ada", RIGHT, T0)), None);
}

#[test]
fn bug16_nobody_who_signs_in_gets_their_source_an_attempt_back() {
    let world = world_with(strict());
    world.add("mallory", imported(RIGHT), None).unwrap();
    let _ = world.try_sign_in("ada", WRONG, T0);
    for _ in 0..2 {
        assert_eq!(cause(&world.try_sign_in("mallory", RIGHT, T0)), None);
    }
    assert_eq!(cause(&world.try_sign_in("ada", WRONG, T0)), Some(OVER));
    assert_eq!(world.tries().counted, 1, "nor ada's counter back");
}

#[test]
fn bug16_a_limit_of_the_hosts_own_leaves_none_here() {
    let world = world_with(CredentialSettings {
        source_attempts_per_minute: None,
        ..strict()
    });
    for _ in 0..50 {
        assert_eq!(cause(&world.try_sign_in("ada", RIGHT, T0)), None);
    }
    assert!(world.store.rows().rates.is_empty());
}

/// Every call of a visitor's, with one attempt left and with none.
#[test]
fn bug06_every_way_in_asks_for_the_limit_before_anything_else() {
    type Call = fn(&World) -> Option<Cause>;
    let calls: [(&str, Call); 8] = [
        ("sign-in", |w| cause(&w.try_sign_in("ada", WRONG, T0))),
        ("invitation", |w| {
            let text = TokenSecret::from("A".repeat(43));
            let set =
                w.credentials
                    .accept_invitation(&w.store, &text, &secret(NEXT), &w.source, T0);
            refused(&set.unwrap())
        }),
        ("no token at all", |w| {
            let text = TokenSecret::from("");
            let set =
                w.credentials
                    .accept_invitation(&w.store, &text, &secret(NEXT), &w.source, T0);
            refused(&set.unwrap())
        }),
        ("forced change", |w| {
            let step = Step::resume(TokenSecret::from("A".repeat(43)));
            let set = w
                .credentials
                .set_new_password(&w.store, step, &secret(NEXT), &w.source, T0);
            match set.unwrap() {
                PasswordStep::Onward(onward) => cause(&onward),
                PasswordStep::Again(_, retry) => panic!("{retry:?}"),
            }
        }),
        ("code", |w| {
            let step = Step::resume(TokenSecret::from("A".repeat(43)));
            let code = secret("000000");
            let answer =
                w.credentials
                    .second_factor(&w.store, step, FactorCode::App(&code), &w.source, T0);
            match answer.unwrap() {
                FactorStep::Onward(onward) => cause(&onward),
                FactorStep::Again(_, refusal) => Some(refusal.cause()),
            }
        }),
        ("offer", |w| {
            let step = Step::resume(TokenSecret::from("A".repeat(43)));
            let offer = w.credentials.offer_factor(&w.store, &step, &w.source, T0);
            offer.unwrap().err().map(|refusal| refusal.cause())
        }),
        ("enrolment", |w| {
            let step = Step::resume(TokenSecret::from("A".repeat(43)));
            let code = secret("000000");
            match w
                .credentials
                .enrol_factor(&w.store, step, &code, &w.source, T0)
                .unwrap()
            {
                EnrolStep::Again(_, refusal) | EnrolStep::Refused(refusal) => Some(refusal.cause()),
                EnrolStep::Enrolled(..) => panic!("enrolled"),
            }
        }),
        ("enrolment without a step", |w| {
            let step = Step::resume(TokenSecret::from(""));
            let code = secret("000000");
            match w
                .credentials
                .enrol_factor(&w.store, step, &code, &w.source, T0)
                .unwrap()
            {
                EnrolStep::Refused(refusal) => Some(refusal.cause()),
                other => panic!("{other:?}"),
            }
        }),
    ];
    for (what, call) in calls {
        let world = world_with(CredentialSettings {
            source_burst: 1,
            ..strict()
        });
        let first = call(&world);
        assert!(first.is_some() && first != Some(OVER), "{what}: {first:?}");
        let (commits, runs) = (&world.store.commits, world.kdf.count());
        commits.store(0, Ordering::SeqCst);
        assert_eq!(call(&world), Some(OVER), "{what}");
        assert!(commits.load(Ordering::SeqCst) <= 1, "{what}");
        assert_eq!(world.kdf.count(), runs, "{what}");
    }
}

/// The same for who is signed in, or holds a step or a link that is good: over the limit, it stays.
#[test]
fn bug06_a_source_over_its_limit_uses_no_link_up() {
    let world = world_with(CredentialSettings {
        source_burst: 1,
        ..strict()
    });
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let invite = |tx: &mut crate::store::Rows| world.credentials.invite(tx, eve, &by(), T0);
    let invitation = world.store.write(invite).unwrap();
    let accept = |now| {
        let (link, new) = (&invitation.secret, secret(NEXT));
        let set = world
            .credentials
            .accept_invitation(&world.store, link, &new, &world.source, now);
        set.unwrap()
    };
    let session = world.begin(T0);
    assert_eq!(refused(&accept(T0)), Some(OVER));
    let made = world.kdf.made.load(Ordering::SeqCst);
    let (runs, live) = (world.kdf.count(), world.live(&session, T0));
    let confirm = |now| {
        let (store, current) = (&world.store, secret(RIGHT));
        let asked = world.credentials.reauthenticate(
            store,
            &live,
            Current::Password(&current),
            &world.source,
            now,
        );
        match asked.unwrap() {
            Reauthentication::Confirmed(fresh, _) => Ok(fresh),
            Reauthentication::Refused(refusal) => Err(refusal.cause()),
            Reauthentication::CodeDue => panic!("a code"),
        }
    };
    assert_eq!(confirm(T0).unwrap_err(), OVER);
    assert_eq!(world.kdf.count(), runs);
    let later = |attempts: i64| T0.after(millis(attempts * 6_000));
    let fresh = confirm(later(1)).unwrap();
    let enrol = world.credentials.enrol_own_factor(
        &world.store,
        &fresh,
        &secret("000000"),
        &world.source,
        later(1),
    );
    assert_eq!(enrol.unwrap().unwrap_err().cause(), OVER);
    let change = |now| {
        let (store, new) = (&world.store, secret(NEXT));
        let set = world
            .credentials
            .change_password(store, &fresh, &new, &world.source, now);
        set.unwrap()
    };
    assert_eq!(refused(&change(later(1))), Some(OVER));
    assert_eq!(
        world.kdf.made.load(Ordering::SeqCst),
        made,
        "no hash was made"
    );
    assert_eq!(world.tries().counted, 0);
    assert!(matches!(accept(later(2)), NewPassword::Set(user) if user == eve));
    assert!(matches!(change(later(3)), NewPassword::Set(_)));
}

#[test]
fn bug14_a_clock_set_back_forgets_what_was_spent_by_it() {
    let world = world_with(strict());
    for _ in 0..4 {
        let _ = world.try_sign_in("ada", RIGHT, T0);
    }
    let full = T0.after(millis(18_000));
    // Nodes whose clocks are a little apart count together.
    for (back, over) in [(0, true), (1, true), (60_000, true), (60_001, false)] {
        let now = T0.before(millis(back));
        assert_eq!(
            cause(&world.try_sign_in("ada", RIGHT, now)) == Some(OVER),
            over,
            "{back}"
        );
    }
    assert!(
        world
            .store
            .rows()
            .rates
            .iter()
            .all(|(_, _, until)| *until < full)
    );
}

#[test]
fn bug26_the_purge_drops_what_was_paid_back_and_no_more() {
    let world = world_with(strict());
    let _ = from(&world, "10.0.0.1", "ada", WRONG, T0);
    let _ = from(&world, "10.0.0.2", "ada", WRONG, T0.after(millis(1)));
    let purge = |now| {
        let purged = world.credentials.purge(&world.store, now);
        assert_eq!(purged.unwrap(), 0, "tokens and sessions are counted");
        world.store.rows().rates.len()
    };
    let paid = T0.after(millis(6_000));
    assert_eq!(purge(paid.before(millis(1))), 2);
    assert_eq!(purge(paid), 1);
    assert_eq!(purge(paid.after(millis(1))), 0);
}

fn refused<T>(outcome: &NewPassword<T>) -> Option<Cause> {
    match outcome {
        NewPassword::Refused(refusal) => Some(refusal.cause()),
        NewPassword::Set(_) => None,
        NewPassword::Again(retry) => panic!("{retry:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever else a call brings along, attempts of one source are counted in one row, and of
    /// two sources in two.
    #[test]
    fn bug09_nothing_but_the_source_is_in_the_key(
        asked in prop::collection::vec(("\\PC{0,20}", "\\PC{0,20}", any::<u16>(), 0..1000_i64), 1..8),
    ) {
        let world = world_with(CredentialSettings {
            password_max_bytes: 4096,
            ..CredentialSettings::default()
        });
        for (name, password, port, later) in &asked {
            let source = format!("10.0.0.1:{port}");
            let _ = from(&world, &source, name, password, T0.after(millis(*later)));
        }
        let rows = world.store.rows();
        let keys: Vec<_> = rows.rates.iter().map(|(what, whose, _)| (*what, whose.as_str())).collect();
        prop_assert_eq!(keys, [("source", "10.0.0.1")]);
        let _ = from(&world, "10.0.0.2", "ada", WRONG, T0);
        prop_assert_eq!(world.store.rows().rates.len(), 2);
    }

    /// However attempts are spread, within any span there are no more than the burst and those
    /// that the span has paid back; and clocks at their ends and back do no harm.
    #[test]
    fn bug14_no_more_attempts_than_the_limit_has(
        burst in 1..6_u32, per_minute in 1..120_u32,
        jumps in prop::collection::vec(prop_oneof![0..20_000_i64, Just(0)], 1..60),
    ) {
        let world = world_with(CredentialSettings {
            source_burst: burst,
            source_attempts_per_minute: Some(per_minute),
            ..CredentialSettings::default()
        });
        let (mut now, mut taken) = (T0, Vec::new());
        for jump in jumps {
            now = now.after(millis(jump));
            if cause(&world.try_sign_in("nobody", WRONG, now)) != Some(OVER) {
                taken.push(now.millis());
            }
        }
        let cost = 60_000 / i64::from(per_minute);
        for (at, first) in taken.iter().enumerate() {
            for (more, last) in taken[at..].iter().enumerate() {
                let most = i64::from(burst) + (last - first) / cost;
                prop_assert!(i64::try_from(more).unwrap() < most, "{taken:?}");
            }
        }
        for end in [Timestamp::MAX, Timestamp::from_millis(i64::MIN), T0] {
            let _ = world.try_sign_in("nobody", WRONG, end);
        }
    }
}
