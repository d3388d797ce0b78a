//! Users who sign in through a directory (S30, S31): what reaches it, what it decides, and what
//! stays ours.

mod attacks;

use crate::world::{NEXT, RIGHT, T0, WRONG, World, by, imported, secret, world_with};
use portcullis_credentials::{
    Administrators, Cause, CredentialError, CredentialPolicy, CredentialSettings, Credentials,
    Directory, DirectoryAnswer, DirectoryError, DirectoryFault, DirectoryLock, DirectoryPassword,
    DirectoryRefusal, FirstPassword, HashBudget, LoginName, NewPassword, SessionCheck, Shown,
    SignIn,
};
use portcullis_ledger::StoreExt;
use std::sync::{Arc, Mutex};

type Meanwhile = Box<dyn FnOnce() + Send>;

/// Takes `RIGHT` from everybody, and writes down who asked.
#[derive(Default)]
struct Fake {
    binds: Mutex<Vec<String>>,
    answer: Mutex<Option<Result<DirectoryAnswer, DirectoryFault>>>,
    meanwhile: Mutex<Option<Meanwhile>>,
    lock: Option<DirectoryLock>,
}

impl Fake {
    fn binds(&self) -> Vec<String> {
        self.binds.lock().unwrap().clone()
    }

    fn says(&self, answer: Result<DirectoryAnswer, DirectoryFault>) {
        *self.answer.lock().unwrap() = Some(answer);
    }
}

impl Directory for Fake {
    fn verify(
        &self,
        name: &LoginName,
        password: &DirectoryPassword<'_>,
    ) -> Result<DirectoryAnswer, DirectoryError> {
        self.binds.lock().unwrap().push(name.key().to_owned());
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile();
        }
        match *self.answer.lock().unwrap() {
            Some(answer) => answer.map_err(DirectoryError::new),
            None if password.expose() == RIGHT => Ok(DirectoryAnswer::Accepted),
            None => Ok(DirectoryAnswer::Refused(DirectoryRefusal::Wrong)),
        }
    }

    fn lock(&self) -> Option<DirectoryLock> {
        self.lock
    }
}

const WRONG_THERE: Cause = Cause::Directory(DirectoryRefusal::Wrong);

/// A portal where Ada signs in through the directory.
fn portal(settings: CredentialSettings) -> (World, Arc<Fake>) {
    let fake = Arc::new(Fake::default());
    let mut world = world_with(settings.clone());
    let policy = CredentialPolicy::new(settings).unwrap();
    world.credentials = Credentials::new(
        policy,
        Administrators::none(),
        world.kdf.clone(),
        world.draws.clone(),
    )
    .unwrap()
    .with_budget(HashBudget::default())
    .with_directory(fake.clone())
    .unwrap();
    let ticked = world
        .store
        .write(|tx| {
            world
                .credentials
                .set_directory(tx, world.ada, true, &by(), T0)
        })
        .unwrap();
    assert!(ticked);
    (world, fake)
}

#[test]
fn s30_who_is_ticked_is_authenticated_there_and_nobody_else_is() {
    let (world, fake) = portal(CredentialSettings::default());
    world.add("Grace", imported(NEXT), None).unwrap();
    assert_eq!(world.sign_in(RIGHT, T0).unwrap().user(), world.ada);
    assert!(matches!(
        world.try_sign_in("grace", NEXT, T0),
        SignIn::Done(_)
    ));
    assert_eq!(world.sign_in(WRONG, T0).unwrap_err(), WRONG_THERE);
    assert_eq!(fake.binds(), ["ada", "ada"]);
}

#[test]
fn s30_ticking_and_clearing_end_what_was_before() {
    let (world, _) = portal(CredentialSettings::default());
    let session = world.begin(T0);
    let set = |directory| {
        world
            .store
            .write(|tx| {
                world
                    .credentials
                    .set_directory(tx, world.ada, directory, &by(), T0)
            })
            .unwrap()
    };
    assert!(!set(true), "no news");
    assert!(set(false));
    assert_eq!(world.last_action(), "account.no-directory");
    assert!(matches!(world.check(&session, T0), SessionCheck::Ended(_)));
    assert_eq!(world.sign_in(RIGHT, T0).unwrap_err(), Cause::NoPassword);
    let invited = world
        .store
        .write(|tx| world.credentials.invite(tx, world.ada, &by(), T0))
        .unwrap();
    assert!(set(true));
    assert_eq!(world.last_action(), "account.directory");
    let late = world.credentials.accept_invitation(
        &world.store,
        &invited.secret,
        &secret(NEXT),
        &world.source,
        T0,
    );
    let NewPassword::Refused(refusal) = late.unwrap() else {
        panic!("an invitation outlived the tick");
    };
    assert_eq!(refusal.cause(), Cause::Superseded);
    assert!(world.sign_in(RIGHT, T0).is_ok());
}

#[test]
fn s31_nothing_about_the_password_is_done_here() {
    let (world, fake) = portal(CredentialSettings {
        password_set_by: portcullis_credentials::PasswordSetBy::Staff,
        ..CredentialSettings::default()
    });
    let kept = world.credentials.hash_password(&secret(NEXT));
    let kept = kept.unwrap().unwrap();
    let refused = |result: Result<(), CredentialError>| {
        assert!(
            matches!(result, Err(CredentialError::InDirectory(user)) if user == world.ada),
            "{result:?}"
        );
    };
    let (credentials, ada) = (&world.credentials, world.ada);
    let store = &world.store;
    refused(store.write(|tx| credentials.invite(tx, ada, &by(), T0).map(drop)));
    refused(store.write(|tx| credentials.assign_password(tx, ada, kept, &by(), T0)));
    refused(store.write(|tx| credentials.demand_change(tx, ada, &by(), T0).map(drop)));
    let fresh = world.fresh(T0);
    for _ in 0..9 {
        let changed = credentials
            .change_password(store, &fresh, &secret(NEXT), &world.source, T0)
            .unwrap();
        let NewPassword::Refused(refusal) = changed else {
            panic!("{changed:?}");
        };
        assert_eq!(refusal.cause(), Cause::InDirectory);
        assert_eq!(refusal.shown(), Shown::ChangeElsewhere);
    }
    assert_eq!(world.tries().counted, 0, "nothing was guessed");
    assert_eq!(fake.binds().len(), 2, "to sign in, and to confirm it");
}

#[test]
fn s31_local_rules_do_not_apply_to_what_the_directory_takes() {
    let (world, fake) = portal(CredentialSettings::default());
    fake.says(Ok(DirectoryAnswer::Accepted));
    assert!(world.sign_in("short", T0).is_ok());
}

#[test]
fn s30_without_a_directory_nobody_is_made_to_sign_in_through_one() {
    let world = world_with(CredentialSettings::default());
    let made = world.add("Grace", FirstPassword::InDirectory, None);
    assert!(matches!(made, Err(CredentialError::NoDirectory)));
    let (through, _) = portal(CredentialSettings::default());
    let grace = through.add("Grace", FirstPassword::InDirectory, None);
    assert!(grace.is_ok());
    assert!(matches!(
        through.try_sign_in("grace", RIGHT, T0),
        SignIn::Done(_)
    ));
}

#[test]
fn s30_a_directory_that_was_taken_away_is_a_fault_and_no_wrong_password() {
    let (mut world, _) = portal(CredentialSettings::default());
    let policy = CredentialPolicy::default();
    world.credentials = Credentials::new(
        policy,
        Administrators::none(),
        world.kdf.clone(),
        world.draws.clone(),
    )
    .unwrap();
    assert_eq!(
        world.sign_in(RIGHT, T0).unwrap_err(),
        Cause::NoAnswer(DirectoryFault::Missing)
    );
}

#[test]
fn what_must_be_changed_there_is_told_and_nothing_else() {
    use DirectoryRefusal::{
        AccountExpired, Ambiguous, Disabled, Locked, MustChange, NotHereOrNow, PasswordExpired,
        Unknown, Wrong,
    };
    let (world, fake) = portal(CredentialSettings {
        lock_threshold: 100,
        ..CredentialSettings::default()
    });
    for refusal in [
        Wrong,
        Unknown,
        Ambiguous,
        Disabled,
        AccountExpired,
        Locked,
        NotHereOrNow,
        MustChange,
        PasswordExpired,
    ] {
        fake.says(Ok(DirectoryAnswer::Refused(refusal)));
        let SignIn::Refused(refused) = world.try_sign_in("ada", RIGHT, T0) else {
            panic!("{refusal:?} was let in");
        };
        assert_eq!(refused.cause(), Cause::Directory(refusal));
        let told = matches!(refusal, MustChange | PasswordExpired);
        let shown = if told {
            Shown::ChangeElsewhere
        } else {
            Shown::InvalidCredentials
        };
        assert_eq!(refused.shown(), shown);
    }
    assert_eq!(world.tries().counted, 9, "each was an attempt");
}
