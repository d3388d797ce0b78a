//! A sign-in that is under way turns back nobody who finishes one, and leaves nothing half done.

use super::app::{App, STEP};
use super::attempts::{Accounts, RIGHT};
use super::ways::ringed;
use crate::{CredentialHarness, NOW};
use portcullis::credentials::{
    CredentialSettings, CredentialTx, Credentials, EnrolFactor, EnrolStep, FactorCode, FactorOffer,
    FactorStep, PasswordStep, SecretString, SignIn, Source, Step, TokenSecret,
};
use portcullis::id::{Timestamp, UserId};
use portcullis::ledger::{Actor, Store};
use std::sync::{Arc, Barrier};

/// How many sign in as the user who finishes, at the same moment.
const OTHERS: usize = 3;
const ROUNDS: i64 = 24;

/// Sign-ins take the account and then their step, and so do the finishes: they wait for each other,
/// and neither for what the other one holds. Whoever loses finds the step taken, and no error.
pub fn bug26_a_forced_change_beside_sign_ins<H: CredentialHarness>() {
    let store = H::fresh();
    let (accounts, ada) = patient(&store);
    let credentials = &accounts.credentials;
    let (mut now, mut next) = (RIGHT, "the password after that");
    for round in 0..=ROUNDS {
        let _ = accounts.write(|tx| credentials.demand_change(tx, ada, &by(), NOW));
        let SignIn::ChangePassword(step) = accounts.knock(now, NOW) else {
            panic!("a change is due");
        };
        let finish = || {
            let next = SecretString::from(next);
            let done = credentials.set_new_password(&store, step, &next, &from(), NOW);
            matches!(done.unwrap(), PasswordStep::Onward(SignIn::Done(_)))
        };
        if accounts.crowded(round, finish, &[now, next], NOW) {
            (now, next) = (next, now);
        }
    }
}

/// The same, where a code is the answer.
pub fn bug26_a_code_beside_sign_ins<H: CredentialHarness>() {
    let store = H::fresh();
    let (accounts, ada) = patient(&store);
    let credentials = &accounts.credentials;
    let (app, _) = App::enrolled(credentials, &store, ada, "ada");
    for round in 0..=ROUNDS {
        let at = Timestamp::from_millis(NOW.millis() + round * STEP);
        let SignIn::SecondFactor(step) = accounts.knock(RIGHT, at) else {
            panic!("a code is due");
        };
        let finish = || {
            let typed = app.code(at);
            let code = FactorCode::App(&typed);
            let done = credentials.second_factor(&store, step, code, &from(), at);
            matches!(done.unwrap(), FactorStep::Onward(SignIn::Done(_)))
        };
        let _ = accounts.crowded(round, finish, &[RIGHT], at);
    }
}

/// The same, where an app is set up.
pub fn bug26_an_enrolment_beside_sign_ins<H: CredentialHarness>() {
    let store = H::fresh();
    let (accounts, ada) = patient(&store);
    let credentials = &accounts.credentials;
    let ticked = |tx: &mut dyn CredentialTx| credentials.enforce_factor(tx, ada, true, &by(), NOW);
    assert!(accounts.write(ticked));
    for round in 0..=ROUNDS {
        let _ = accounts.write(|tx| credentials.remove_factor(tx, ada, &by(), NOW));
        let SignIn::EnrolFactor(step) = accounts.knock(RIGHT, NOW) else {
            panic!("an app is to be set up");
        };
        let app = App::scan(&offer(credentials, &store, &step));
        let finish = || {
            let code = app.code(NOW);
            let done = credentials.enrol_factor(&store, step, &code, &from(), NOW);
            matches!(done.unwrap(), EnrolStep::Enrolled(_, SignIn::Done(_)))
        };
        let _ = accounts.crowded(round, finish, &[RIGHT], NOW);
    }
}

/// Who asks for another secret while the first code is on its way has lost nothing: the app that
/// counts is the one or the other, and the step stays open for it.
pub fn s29_an_app_that_is_offered_anew_burns_no_step<H: CredentialHarness>() {
    let store = H::fresh();
    let (accounts, ada) = patient(&store);
    let credentials = &accounts.credentials;
    let ticked = |tx: &mut dyn CredentialTx| credentials.enforce_factor(tx, ada, true, &by(), NOW);
    assert!(accounts.write(ticked));
    let enrol = |step, app: &App| {
        let code = app.code(NOW);
        let done = credentials.enrol_factor(&store, step, &code, &from(), NOW);
        done.unwrap()
    };
    for _ in 0..ROUNDS {
        let SignIn::EnrolFactor(step) = accounts.knock(RIGHT, NOW) else {
            panic!("an app is to be set up");
        };
        let secret = step.into_secret();
        let same = || Step::resume(TokenSecret::from(secret.expose()));
        let first = App::scan(&offer(credentials, &store, &same()));
        let together = Barrier::new(2);
        let (done, anew) = std::thread::scope(|scope| {
            let anew = scope.spawn(|| {
                together.wait();
                let offer = credentials.offer_factor(&store, &same(), &from(), NOW);
                offer.unwrap()
            });
            together.wait();
            (enrol(same(), &first), anew.join().unwrap())
        });
        let done = match done {
            EnrolStep::Again(step, _) => enrol(step, &App::scan(&anew.unwrap())),
            done => done,
        };
        let enrolled = matches!(done, EnrolStep::Enrolled(_, SignIn::Done(_)));
        assert!(enrolled, "{done:?}");
        assert!(accounts.write(|tx| credentials.remove_factor(tx, ada, &by(), NOW)));
    }
}

impl<S> Accounts<'_, S>
where
    S: Store,
    S::Tx: CredentialTx,
{
    fn knock(&self, password: &str, now: Timestamp) -> SignIn {
        let password = SecretString::from(password);
        let outcome = self
            .credentials
            .sign_in(self.store, "ada", &password, &from(), now);
        outcome.unwrap()
    }

    /// Whether `finish` got to its end while others signed in with each of these passwords, at the
    /// same moment; in the last round nobody does, and it must.
    fn crowded(
        &self,
        round: i64,
        finish: impl FnOnce() -> bool,
        passwords: &[&str],
        now: Timestamp,
    ) -> bool {
        if round == ROUNDS {
            assert!(finish(), "nobody is in the way");
            return true;
        }
        let together = Barrier::new(OTHERS + 1);
        std::thread::scope(|scope| {
            let others: Vec<_> = (0..OTHERS)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        for password in passwords {
                            let _ = self.knock(password, now);
                        }
                    })
                })
                .collect();
            together.wait();
            let done = finish();
            for other in others {
                other.join().unwrap();
            }
            done
        })
    }
}

/// Ada's account, where nothing locks and no source is limited.
fn patient<S>(store: &S) -> (Accounts<'_, S>, UserId)
where
    S: Store,
    S::Tx: CredentialTx,
{
    let settings = CredentialSettings {
        lock_threshold: 100,
        factor_lock_threshold: 100,
        source_attempts_per_minute: None,
        ..CredentialSettings::default()
    };
    ringed(Accounts::under(store, settings, 64), &Arc::default())
}

fn offer<S>(credentials: &Credentials, store: &S, step: &Step<EnrolFactor>) -> FactorOffer
where
    S: Store,
    S::Tx: CredentialTx,
{
    let offer = credentials.offer_factor(store, step, &from(), NOW);
    offer.unwrap().unwrap()
}

fn from() -> Source {
    Source::new("10.0.0.1")
}

fn by() -> Actor {
    Actor::Operator("conformance".to_owned())
}
