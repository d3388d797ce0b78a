//! How far what a refusal costs tells why it is one: what `docs/threats.md` says of it, counted.

use crate::world::{RIGHT, T0, WRONG, World, by, world};
use portcullis_credentials::{
    Administrators, CredentialError, CredentialPolicy, CredentialSettings, Credentials,
    FirstPassword, Lock, LoginName, NewAccount, PasswordHash, SignIn, Source,
};
use portcullis_id::{UserId, hours};
use portcullis_ledger::StoreExt;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

/// Statements and commits.
type Cost = (u64, u64);

/// The source's limit, the count, and the audit.
const COUNTED: Cost = (3, 2);

/// And why there was nothing to count: nobody has that name, or it is locked.
const TURNED: Cost = (4, 2);

/// Two commits always. An attempt that counts is one statement that finds and counts; where there
/// is nothing to count, a further one asks why; the one that locks tells its owner too.
#[test]
fn s26_refusals_differ_by_what_counting_takes_and_in_nothing_else() {
    let world = world();
    let (suspended, disabled) = (add(&world, "suspended"), add(&world, "disabled"));
    let expired = add(&world, "expired");
    let done = world.store.write(|tx| {
        let credentials = &world.credentials;
        let (day, before) = (NonZeroU32::new(1), T0.before(hours(48)));
        Ok::<_, CredentialError>([
            credentials.suspend(tx, suspended, &by(), T0)?,
            credentials.disable(tx, disabled, &by(), T0)?,
            credentials.set_expiry(tx, expired, day, &by(), before)?,
        ])
    });
    assert_eq!(done.unwrap(), [true; 3]);
    let refused = |name: &str, password: &str| enter(&world, name, password);
    for password in [RIGHT, WRONG] {
        assert_eq!(refused("nobody", password), TURNED);
        assert_eq!(
            refused("\0", password),
            (2, 2),
            "no name: known to who typed it"
        );
        for name in ["suspended", "disabled", "expired"] {
            assert_eq!(refused(name, password), COUNTED, "{name}");
        }
    }
    for attempt in 1..=4 {
        assert_eq!(refused("ada", WRONG), COUNTED, "wrong, the {attempt}.");
    }
    // Made to last, told in the audit, and mailed to the owner.
    assert_eq!(refused("ada", WRONG), (6, 2), "the one that locks");
    let huge = "x".repeat(1_000_000);
    for password in [WRONG, RIGHT, &huge] {
        assert_eq!(refused("ada", password), TURNED, "locked");
    }
}

/// One commit always; a mail is one statement more than none, and so is asking whether it is one too
/// many.
#[test]
fn bug21_who_asks_for_a_reset_makes_as_many_commits_whoever_is_meant() {
    let world = world();
    let suspended = add(&world, "suspended");
    let done = world
        .store
        .write(|tx| world.credentials.suspend(tx, suspended, &by(), T0));
    assert!(done.unwrap());
    let credentials = linking(&world);
    let runs = || world.kdf.verified.load(Ordering::SeqCst);
    let before = runs();
    for (name, cost) in [
        ("\0", (2, 1)),
        ("nobody", (3, 1)),
        ("suspended", (3, 1)),
        ("ada", (5, 1)),
        ("ada", (5, 1)),
        ("ada", (4, 1)),
        ("nobody", (3, 1)),
    ] {
        let before = world.store.counters();
        let asked = credentials.request_reset(&world.store, name, &source(), T0);
        assert_eq!(asked.unwrap(), Ok(()));
        let spent = world.store.counters() - before;
        assert_eq!((spent.statements, spent.commits), cost, "{name}");
    }
    assert_eq!(runs(), before, "nor is anything hashed");
}

/// A sign-in that is refused, from an address that nobody has used.
fn enter(world: &World, name: &str, password: &str) -> Cost {
    let before = world.store.counters();
    let outcome = world
        .credentials
        .sign_in(&world.store, name, &password.into(), &source(), T0);
    let Ok(SignIn::Refused(_)) = outcome else {
        panic!("{outcome:?}");
    };
    let cost = world.store.counters() - before;
    (cost.statements, cost.commits)
}

fn source() -> Source {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::SeqCst);
    Source::new(&format!("10.0.{next}.1"))
}

fn add(world: &World, name: &str) -> UserId {
    let user = UserId::new(T0, &*world.draws).unwrap();
    let new = NewAccount {
        user,
        name: LoginName::parse(name).unwrap(),
        password: FirstPassword::Imported {
            hash: PasswordHash::from_phc(RIGHT),
            change_due: false,
        },
        expiry: None,
    };
    let made = world
        .store
        .write(|tx| world.credentials.create_account(tx, new, &by(), T0));
    made.unwrap();
    user
}

/// The world's rules where links can be made.
fn linking(world: &World) -> Credentials {
    let settings = CredentialSettings {
        lock: Lock::UntilAdmin,
        base_address: Some("https://portal.example".to_owned()),
        ..CredentialSettings::default()
    };
    let policy = CredentialPolicy::new(settings).unwrap();
    let (kdf, draws) = (world.kdf.clone(), world.draws.clone());
    Credentials::new(policy, Administrators::none(), kdf, draws).unwrap()
}
