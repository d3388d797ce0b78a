//! What happens between the start and the end of a way in decides (bugs 3, 4 and 6), and a success
//! speaks for nobody else (bug 16).

use super::app::{App, enforced};
use super::attempts::{Accounts, RIGHT};
use crate::{CountingKdf, CredentialHarness, Draws, NOW};
use portcullis::credentials::{
    Administrators, Cause, CredentialError, CredentialTx, Credentials, EnrolStep, FactorCode,
    FactorKind, FactorStep, Kdf, KdfError, KeyRing, Lock, NewPassword, PasswordHash, PasswordStep,
    SecretString, SignIn, Source,
};
use portcullis::id::{Entropy, Timestamp, UserId};
use portcullis::ledger::{Actor, Store, StoreExt};
use std::sync::{Arc, Barrier};

const WRONG: &str = "some wrong password";

/// While the right password is being looked at, four wrong ones and it make five: the account locks.
/// The right one signs in, and the lock stays.
pub fn bug03_a_success_leaves_the_lock_that_others_reached<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    let kdf = Arc::new(Slow::default());
    let policy = accounts.credentials.policy().clone();
    let slow = Credentials::new(
        policy,
        Administrators::none(),
        kdf.clone(),
        Arc::new(Draws::seeded(6)),
    )
    .unwrap();
    std::thread::scope(|scope| {
        let right = scope.spawn(|| {
            let outcome = slow.sign_in(&store, "ada", &right(), &from(), NOW);
            matches!(outcome.unwrap(), SignIn::Done(_))
        });
        kdf.reached.wait();
        let guesses = [(); 4].map(|()| accounts.attempt("ada", WRONG, NOW));
        kdf.resume.wait();
        assert_eq!(guesses, [(); 4].map(|()| Err(Cause::WrongPassword)));
        assert!(right.join().unwrap(), "it was counted before the lock");
    });
    let tries = accounts.read(|tx| tx.account(ada)).unwrap().tries;
    assert_eq!(tries.locked_until, Some(Timestamp::MAX));
    let locked = Err(Cause::Locked(Timestamp::MAX));
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), locked);
}

/// Whatever the caller does next, and whatever of that is taken back: the attempt is counted.
pub fn bug04_an_attempt_stays_counted_whatever_is_taken_back<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    for counted in 1..=5 {
        let outcome = accounts.attempt("ada", WRONG, NOW);
        assert_eq!(outcome, Err(Cause::WrongPassword));
        let taken_back: Result<(), CredentialError> = store.write(|tx| {
            let tx: &mut dyn CredentialTx = tx;
            tx.unlock(ada)?;
            tx.demand_change(ada)?;
            Err(CredentialError::Superseded)
        });
        assert!(taken_back.is_err());
        let account = accounts.read(|tx| tx.account(ada)).unwrap();
        assert_eq!(account.tries.counted, counted);
        assert!(!account.change_due);
    }
    let locked = Err(Cause::Locked(Timestamp::MAX));
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), locked);
}

/// Who is suspended or locked while a way in is open does not get to its end, and sets no password
/// on the way. Each is open to who is in good standing.
pub fn bug06_who_is_stopped_meanwhile_finishes_nothing<H: CredentialHarness>() {
    for way in Way::ALL {
        for stop in [None, Some(Stop::Suspended), Some(Stop::Locked)] {
            let store = H::fresh();
            let (accounts, ada) = with_ring(&store);
            let finish = begin(&accounts, ada, way);
            if let Some(stop) = stop {
                put(stop, &accounts, ada);
            }
            // A lock stops sign-ins, and undoes none that is complete.
            let may = stop.is_none() || (way == Way::Session && stop == Some(Stop::Locked));
            assert_eq!(finish(), may, "{way:?}, {stop:?}");
            let hash = accounts.read(|tx| tx.account(ada)).unwrap().password;
            let same = hash.unwrap().expose() == CountingKdf::hash_of(RIGHT);
            let sets = matches!(way, Way::ForcedChange | Way::Invitation);
            assert_eq!(same, !(may && sets), "{way:?}, {stop:?}: the password");
            let (credentials, store) = (&accounts.credentials, accounts.store);
            let anew = credentials.sign_in(store, "ada", &right(), &from(), NOW);
            let turned = matches!(anew.unwrap(), SignIn::Refused(_));
            assert!(stop.is_none() || turned, "{way:?}, {stop:?}: begun anew");
        }
    }
}

/// Somebody's success forgets nobody else's failures, and a right password no wrong code.
pub fn bug16_a_success_forgets_nothing_but_its_own<H: CredentialHarness>() {
    let store = H::fresh();
    let (accounts, ada) = with_ring(&store);
    let bob = accounts.add("bob");
    for failed in 1..=5 {
        let guess = accounts.attempt("ada", WRONG, NOW);
        assert_eq!(guess, Err(Cause::WrongPassword));
        assert_eq!(accounts.attempt("bob", RIGHT, NOW), Ok(bob));
        let tries = accounts.read(|tx| tx.account(ada)).unwrap().tries;
        assert_eq!(tries.counted, failed);
    }
    let locked = Err(Cause::Locked(Timestamp::MAX));
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), locked);

    let _ = App::enrolled(&accounts.credentials, &store, bob, "bob");
    let none = SecretString::from("no code");
    for failed in 1..=4 {
        assert!(!code(&accounts, "bob", FactorCode::App(&none)));
        let tries = accounts.read(|tx| tx.factor_tries(bob, FactorKind::Totp));
        assert_eq!(tries.unwrap().counted, failed);
    }
}

/// A way in, or to a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Session,
    ForcedChange,
    Invitation,
    Enrolment,
    Code,
    Recovery,
}

/// What comes in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Suspended,
    Locked,
}

impl Way {
    const ALL: [Self; 6] = [
        Self::Session,
        Self::ForcedChange,
        Self::Invitation,
        Self::Enrolment,
        Self::Code,
        Self::Recovery,
    ];
}

fn put<S>(stop: Stop, accounts: &Accounts<'_, S>, user: UserId)
where
    S: Store,
    S::Tx: CredentialTx,
{
    match stop {
        Stop::Suspended => {
            let credentials = &accounts.credentials;
            assert!(accounts.write(|tx| credentials.suspend(tx, user, &by(), NOW)));
        }
        Stop::Locked => {
            for _ in 0..5 {
                let guess = accounts.attempt("ada", WRONG, NOW);
                assert_eq!(guess, Err(Cause::WrongPassword));
            }
        }
    }
}

/// Opens a way, up to its last call, which is answered: whether that let in, or set the password.
fn begin<'a, S>(
    accounts: &'a Accounts<'_, S>,
    ada: UserId,
    way: Way,
) -> Box<dyn FnOnce() -> bool + 'a>
where
    S: Store,
    S::Tx: CredentialTx,
{
    let (credentials, store) = (&accounts.credentials, accounts.store);
    let sign_in = || {
        credentials
            .sign_in(store, "ada", &right(), &from(), NOW)
            .unwrap()
    };
    let next = SecretString::from("the password after that");
    match way {
        Way::Session => {
            let SignIn::Done(proof) = sign_in() else {
                panic!("nothing else is asked for");
            };
            Box::new(move || credentials.start_session(store, proof, NOW).is_ok())
        }
        Way::ForcedChange => {
            assert!(accounts.write(|tx| credentials.demand_change(tx, ada, &by(), NOW)));
            let SignIn::ChangePassword(step) = sign_in() else {
                panic!("a change is due");
            };
            Box::new(move || {
                let answer = credentials.set_new_password(store, step, &next, &from(), NOW);
                matches!(answer.unwrap(), PasswordStep::Onward(SignIn::Done(_)))
            })
        }
        Way::Invitation => {
            let link = accounts.write(|tx| credentials.invite(tx, ada, &by(), NOW));
            Box::new(move || {
                let (secret, from) = (&link.secret, from());
                let answer = credentials.accept_invitation(store, secret, &next, &from, NOW);
                matches!(answer.unwrap(), NewPassword::Set(_))
            })
        }
        Way::Enrolment => {
            let step = enforced(credentials, store, ada, "ada");
            let offer = credentials.offer_factor(store, &step, &from(), NOW);
            let code = App::scan(&offer.unwrap().unwrap()).code(NOW);
            Box::new(move || {
                let answer = credentials.enrol_factor(store, step, &code, &from(), NOW);
                matches!(answer.unwrap(), EnrolStep::Enrolled(_, SignIn::Done(_)))
            })
        }
        Way::Code | Way::Recovery => {
            let (app, codes) = App::enrolled(credentials, store, ada, "ada");
            let SignIn::SecondFactor(step) = sign_in() else {
                panic!("a code is asked for");
            };
            Box::new(move || {
                let typed = app.code(NOW);
                let code = match way {
                    Way::Recovery => FactorCode::Recovery(&codes.codes()[0]),
                    _ => FactorCode::App(&typed),
                };
                let answer = credentials.second_factor(store, step, code, &from(), NOW);
                matches!(answer.unwrap(), FactorStep::Onward(SignIn::Done(_)))
            })
        }
    }
}

/// Whether the right password and this code let in.
fn code<S>(accounts: &Accounts<'_, S>, name: &str, code: FactorCode<'_>) -> bool
where
    S: Store,
    S::Tx: CredentialTx,
{
    let (credentials, store) = (&accounts.credentials, accounts.store);
    let outcome = credentials.sign_in(store, name, &right(), &from(), NOW);
    let SignIn::SecondFactor(step) = outcome.unwrap() else {
        panic!("a code is asked for");
    };
    let answer = credentials.second_factor(store, step, code, &from(), NOW);
    matches!(answer.unwrap(), FactorStep::Onward(SignIn::Done(_)))
}

/// Ada's account, where apps can be set up.
fn with_ring<S>(store: &S) -> (Accounts<'_, S>, UserId)
where
    S: Store,
    S::Tx: CredentialTx,
{
    let mut accounts = Accounts::of(store, Lock::UntilAdmin, 64);
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let ring = KeyRing::new("conformance", &key).unwrap();
    accounts.credentials = accounts.credentials.with_key_ring(Arc::new(ring));
    let ada = accounts.add("ada");
    (accounts, ada)
}

/// A comparison that waits until others have had their turn.
struct Slow {
    reached: Barrier,
    resume: Barrier,
}

impl Default for Slow {
    fn default() -> Self {
        Self {
            reached: Barrier::new(2),
            resume: Barrier::new(2),
        }
    }
}

impl Kdf for Slow {
    fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        CountingKdf::default().hash(password, entropy)
    }

    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        self.reached.wait();
        self.resume.wait();
        CountingKdf::default().verify(password, hash)
    }

    fn check(&self, hash: &PasswordHash) -> Result<(), KdfError> {
        CountingKdf::default().check(hash)
    }
}

fn right() -> SecretString {
    SecretString::from(RIGHT)
}

fn from() -> Source {
    Source::new("10.0.0.1")
}

fn by() -> Actor {
    Actor::Operator("conformance".to_owned())
}
