//! Every way in and to a new password, up to its last call; and what may come in between.

use super::app::{App, enforced};
use super::attempts::{Accounts, RIGHT};
use crate::{CountingKdf, Draws, NOW};
use portcullis::credentials::{
    Administrators, CredentialTx, Credentials, Current, Directory, DirectoryAnswer, DirectoryError,
    DirectoryPassword, DirectoryRefusal, EnrolStep, FactorCode, FactorStep, Fresh, HashBudget, Kdf,
    KdfError, KeyRing, LiveSession, Lock, LoginName, NewPassword, PasswordHash, PasswordStep,
    Reauthentication, SecretString, SessionCheck, SignIn, Source, TokenSecret,
};
use portcullis::id::{Entropy, UserId};
use portcullis::ledger::{Actor, Mail, Store};
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

const WRONG: &str = "some wrong password";
const NEXT: &str = "the password after that";

/// A way in, or to a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Password,
    Directory,
    Session,
    ForcedChange,
    Invitation,
    Reset,
    Reauthentication,
    Enrolment,
    OwnEnrolment,
    Code,
    Recovery,
}

impl Way {
    pub(super) const ALL: [Self; 11] = [
        Self::Password,
        Self::Directory,
        Self::Session,
        Self::ForcedChange,
        Self::Invitation,
        Self::Reset,
        Self::Reauthentication,
        Self::Enrolment,
        Self::OwnEnrolment,
        Self::Code,
        Self::Recovery,
    ];

    /// Those whose last call takes time outside a commit, and where it takes it.
    pub(super) const WEIGHED: [(Self, Place); 6] = [
        (Self::Password, Place::Hash),
        (Self::Directory, Place::Directory),
        (Self::ForcedChange, Place::Hash),
        (Self::Invitation, Place::Hash),
        (Self::Reset, Place::Hash),
        (Self::Reauthentication, Place::Hash),
    ];
}

/// What comes in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Suspended,
    Disabled,
    Locked,
}

impl Stop {
    pub(super) const ALL: [Self; 3] = [Self::Suspended, Self::Disabled, Self::Locked];
}

pub(super) fn put<S>(stop: Stop, accounts: &Accounts<'_, S>, user: UserId)
where
    S: Store,
    S::Tx: CredentialTx,
{
    let credentials = &accounts.credentials;
    match stop {
        Stop::Suspended => {
            assert!(accounts.write(|tx| credentials.suspend(tx, user, &by(), NOW)));
        }
        Stop::Disabled => {
            assert!(accounts.write(|tx| credentials.disable(tx, user, &by(), NOW)));
        }
        Stop::Locked => {
            for _ in 0..5 {
                assert!(accounts.attempt("ada", WRONG, NOW).is_err());
            }
            let account = accounts.read(|tx| tx.account(user)).unwrap();
            assert!(account.tries.locked(NOW).is_some());
        }
    }
}

/// A way that is open up to its last call.
pub(super) struct Open<'a> {
    /// That call: whether it let in, or set the password or the app.
    pub(super) finish: Box<dyn FnOnce() -> bool + Send + 'a>,
    /// Whether it can be begun once more, where that is not by signing in.
    pub(super) again: Box<dyn FnOnce() -> bool + 'a>,
}

impl<'a> Open<'a> {
    pub(super) fn of<S>(accounts: &'a Accounts<'_, S>, ada: UserId, way: Way) -> Self
    where
        S: Store,
        S::Tx: CredentialTx,
    {
        let (credentials, store) = (&accounts.credentials, accounts.store);
        let next = SecretString::from(NEXT);
        let mut again: Box<dyn FnOnce() -> bool> = Box::new(|| false);
        let finish: Box<dyn FnOnce() -> bool + Send + 'a> = match way {
            Way::Password | Way::Directory => {
                if way == Way::Directory {
                    let ticked = |tx: &mut dyn CredentialTx| {
                        credentials.set_directory(tx, ada, true, &by(), NOW)
                    };
                    assert!(accounts.write(ticked));
                }
                Box::new(move || matches!(sign_in(accounts), SignIn::Done(_)))
            }
            Way::Session => {
                let SignIn::Done(proof) = sign_in(accounts) else {
                    panic!("nothing else is asked for");
                };
                Box::new(move || credentials.start_session(store, proof, NOW).is_ok())
            }
            Way::ForcedChange => {
                assert!(accounts.write(|tx| credentials.demand_change(tx, ada, &by(), NOW)));
                let SignIn::ChangePassword(step) = sign_in(accounts) else {
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
            Way::Reset => {
                let mail = reset_mail(accounts);
                let secret = link(accounts, &mail).unwrap();
                again = Box::new(move || link(accounts, &mail).is_some());
                Box::new(move || {
                    let answer = credentials.finish_reset(store, &secret, &next, &from(), NOW);
                    matches!(answer.unwrap(), NewPassword::Set(_))
                })
            }
            Way::Reauthentication => {
                let live = session(accounts);
                Box::new(move || confirm(accounts, &live).is_some())
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
            Way::OwnEnrolment => {
                let fresh = Arc::new(confirm(accounts, &session(accounts)).unwrap());
                let confirmed = fresh.clone();
                let offer = move || credentials.offer_own_factor(store, &confirmed, &from(), NOW);
                let code = App::scan(&offer().unwrap().unwrap()).code(NOW);
                again = Box::new(move || offer().unwrap().is_ok());
                Box::new(move || {
                    let answer = credentials.enrol_own_factor(store, &fresh, &code, &from(), NOW);
                    answer.unwrap().is_ok()
                })
            }
            Way::Code | Way::Recovery => {
                let (app, codes) = App::enrolled(credentials, store, ada, "ada");
                let SignIn::SecondFactor(step) = sign_in(accounts) else {
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
        };
        Self { finish, again }
    }
}

/// A sign-in as Ada, with her password.
pub(super) fn sign_in<S>(accounts: &Accounts<'_, S>) -> SignIn
where
    S: Store,
    S::Tx: CredentialTx,
{
    let (credentials, right) = (&accounts.credentials, SecretString::from(RIGHT));
    let outcome = credentials.sign_in(accounts.store, "ada", &right, &from(), NOW);
    outcome.unwrap()
}

fn session<S>(accounts: &Accounts<'_, S>) -> LiveSession
where
    S: Store,
    S::Tx: CredentialTx,
{
    let SignIn::Done(proof) = sign_in(accounts) else {
        panic!("nothing else is asked for");
    };
    let credentials = &accounts.credentials;
    let secret = credentials.start_session(accounts.store, proof, NOW);
    let secret = secret.unwrap();
    let found = accounts.read(|tx| credentials.session(tx, &secret, NOW));
    let SessionCheck::Live(live) = found else {
        panic!("{found:?}");
    };
    live
}

/// Who is signed in says who they are once more.
fn confirm<S>(accounts: &Accounts<'_, S>, live: &LiveSession) -> Option<Fresh>
where
    S: Store,
    S::Tx: CredentialTx,
{
    let (credentials, right) = (&accounts.credentials, SecretString::from(RIGHT));
    let current = Current::Password(&right);
    let answer = credentials.reauthenticate(accounts.store, live, current, &from(), NOW);
    match answer.unwrap() {
        Reauthentication::Confirmed(fresh, _) => Some(fresh),
        _ => None,
    }
}

/// The mail of who asked for a new password.
pub(super) fn reset_mail<S>(accounts: &Accounts<'_, S>) -> Mail
where
    S: Store,
    S::Tx: CredentialTx,
{
    let credentials = &accounts.credentials;
    let asked = credentials.request_reset(accounts.store, "ada", &from(), NOW);
    assert_eq!(asked.unwrap(), Ok(()));
    accounts.read(|tx| tx.outbox(1)).pop().unwrap()
}

pub(super) fn link<S>(accounts: &Accounts<'_, S>, mail: &Mail) -> Option<TokenSecret>
where
    S: Store,
    S::Tx: CredentialTx,
{
    let made = accounts.write(|tx| accounts.credentials.reset_link(tx, mail, NOW));
    made.map(|link| {
        let tail = link.expose().strip_prefix("https://portal.example/reset/");
        TokenSecret::from(tail.unwrap())
    })
}

/// Ada's account, where apps can be set up and some sign in through a directory; what takes time
/// passes the gate.
pub(super) fn with_ring<'s, S>(store: &'s S, gate: &Arc<Gate>) -> (Accounts<'s, S>, UserId)
where
    S: Store,
    S::Tx: CredentialTx,
{
    ringed(Accounts::of(store, Lock::UntilAdmin, 64), gate)
}

/// The same for accounts under settings of their own.
pub(super) fn ringed<'s, S>(
    mut accounts: Accounts<'s, S>,
    gate: &Arc<Gate>,
) -> (Accounts<'s, S>, UserId)
where
    S: Store,
    S::Tx: CredentialTx,
{
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let ring = KeyRing::new("conformance", &key).unwrap();
    let policy = accounts.credentials.policy().clone();
    let (kdf, draws) = (gate.clone(), Arc::new(Draws::seeded(6)));
    accounts.credentials = Credentials::new(policy, Administrators::none(), kdf, draws)
        .unwrap()
        .with_budget(HashBudget::new(NonZeroUsize::new(4).unwrap(), 64))
        .with_key_ring(Arc::new(ring))
        .with_directory(gate.clone())
        .unwrap();
    let ada = accounts.add("ada");
    (accounts, ada)
}

/// Where a secret is weighed, outside of any commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Hash,
    Directory,
}

/// A hash and a directory that let others have their turn, once, where they are told to.
#[derive(Default)]
pub(super) struct Gate(Mutex<Option<Shut>>);

/// Where, whom to tell that somebody is there, and who says when they go on.
type Shut = (Place, Sender<()>, Receiver<()>);

impl Gate {
    /// Holds up the next one there: told of by the first, let go by the second.
    pub(super) fn close(&self, place: Place) -> (Receiver<()>, Sender<()>) {
        let ((arrive, reached), (resume, go)) = (channel(), channel());
        *self.0.lock().unwrap() = Some((place, arrive, go));
        (reached, resume)
    }

    fn pass(&self, place: Place) {
        let held = self.0.lock().unwrap().take_if(|held| held.0 == place);
        if let Some((_, arrive, go)) = held {
            arrive.send(()).unwrap();
            // Whoever shut it is gone where this fails, and the test with them.
            let _ = go.recv();
        }
    }
}

impl Kdf for Gate {
    fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        self.pass(Place::Hash);
        CountingKdf::default().hash(password, entropy)
    }

    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        self.pass(Place::Hash);
        CountingKdf::default().verify(password, hash)
    }

    fn check(&self, hash: &PasswordHash) -> Result<(), KdfError> {
        CountingKdf::default().check(hash)
    }
}

impl Directory for Gate {
    fn verify(
        &self,
        _: &LoginName,
        password: &DirectoryPassword<'_>,
    ) -> Result<DirectoryAnswer, DirectoryError> {
        self.pass(Place::Directory);
        Ok(if password.expose() == RIGHT {
            DirectoryAnswer::Accepted
        } else {
            DirectoryAnswer::Refused(DirectoryRefusal::Wrong)
        })
    }
}

/// Another place than the guesses come from, whose limit is not looked at here.
fn from() -> Source {
    Source::new("10.0.0.2")
}

fn by() -> Actor {
    Actor::Operator("conformance".to_owned())
}
