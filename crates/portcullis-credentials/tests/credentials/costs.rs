//! What a refusal costs, told by a function that counts: the same, whatever it is for.

use crate::world::{RIGHT, T0, WRONG, by, imported, until_admin, world_with};
use portcullis_credentials::{
    Cause, Directory, DirectoryAnswer, DirectoryError, DirectoryPassword, DirectoryRefusal,
    FirstPassword, LoginName, Shown, SignIn,
};
use portcullis_id::{State, Timestamp, days};
use portcullis_ledger::StoreExt;
use std::num::NonZeroU32;
use std::sync::Arc;

/// Takes no password.
struct Refusing;

impl Directory for Refusing {
    fn verify(
        &self,
        _: &LoginName,
        _: &DirectoryPassword<'_>,
    ) -> Result<DirectoryAnswer, DirectoryError> {
        Ok(DirectoryAnswer::Refused(DirectoryRefusal::Wrong))
    }
}

#[test]
fn bug18_bug19_each_of_eight_refusals_costs_one_run_of_equal_cost() {
    let mut world = world_with(until_admin());
    world.credentials = world
        .credentials
        .with_directory(Arc::new(Refusing))
        .unwrap();
    let day = NonZeroU32::new(1);
    world.add("expired", imported(RIGHT), day).unwrap();
    world.add("invited", FirstPassword::ToBeSet, None).unwrap();
    world
        .add("elsewhere", FirstPassword::InDirectory, None)
        .unwrap();
    world.add("locked", imported(RIGHT), None).unwrap();
    let suspended = world.add("suspended", imported(RIGHT), None).unwrap();
    let suspend = |tx: &mut crate::store::Rows| world.credentials.suspend(tx, suspended, &by(), T0);
    world.store.write(suspend).unwrap();
    for _ in 0..5 {
        let _ = world.try_sign_in("locked", WRONG, T0);
    }
    let (long, now) = ("x".repeat(10_000_000), T0.after(days(1)));
    let locked = Cause::Locked(Timestamp::MAX);
    let elsewhere = Cause::Directory(DirectoryRefusal::Wrong);
    for (name, password, cause) in [
        ("nobody", RIGHT, Cause::UnknownName),
        ("ada", WRONG, Cause::WrongPassword),
        ("locked", RIGHT, locked),
        ("suspended", RIGHT, Cause::Standing(State::Suspended)),
        ("expired", RIGHT, Cause::Standing(State::Expired)),
        ("elsewhere", WRONG, elsewhere),
        ("ada", long.as_str(), Cause::PasswordTooLong),
        ("invited", RIGHT, Cause::NoPassword),
    ] {
        world.kdf.runs.lock().unwrap().clear();
        let made = world.kdf.made.load(std::sync::atomic::Ordering::SeqCst);
        let SignIn::Refused(refusal) = world.try_sign_in(name, password, now) else {
            panic!("{name} signed in");
        };
        assert_eq!(refusal.cause(), cause);
        assert_eq!(refusal.shown(), Shown::InvalidCredentials, "{cause}");
        let runs = world.kdf.runs.lock().unwrap().clone();
        assert_eq!(runs.len(), 1, "{cause}");
        assert!(runs[0].starts_with("plain$"), "{cause}: of another cost");
        let more = world.kdf.made.load(std::sync::atomic::Ordering::SeqCst) - made;
        assert_eq!(more, 0, "{cause}: made a hash");
    }
}
