//! A password may be as short as it is only beside a factor that is enforced.

use super::attempts::{Accounts, RIGHT};
use super::ways::{Gate, Place, link, reset_mail, with_ring};
use crate::{CountingKdf, CredentialHarness, NOW};
use portcullis::credentials::{
    CredentialTx, FirstPassword, LoginName, NewAccount, NewPassword, PasswordFlaw, PasswordStep,
    Retry, SecretString, SignIn, Source,
};
use portcullis::id::UserId;
use portcullis::ledger::{Actor, Store};
use std::sync::Arc;
use std::time::Duration;

/// Long enough beside an enforced factor alone.
const SHORT: &str = "hj7kq2wx";

/// A way to a new password that stays open when the box is cleared: there is no password yet, or a
/// change of it is due already. Who is signed in is signed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    ForcedChange,
    FirstInvitation,
    Invitation,
    Reset,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    Set,
    TooShort,
    Refused,
}

/// An administrator clears the box while somebody's short password is hashed: it is not set, by
/// whichever way. Where the box stays, it is.
pub fn s29_a_password_that_is_short_is_set_beside_a_factor_or_not_at_all<H: CredentialHarness>() {
    for way in [
        Way::ForcedChange,
        Way::FirstInvitation,
        Way::Invitation,
        Way::Reset,
    ] {
        for cleared in [false, true] {
            let (store, gate) = (H::fresh(), Arc::new(Gate::default()));
            let (accounts, ada) = with_ring(&store, &gate);
            let user = if way == Way::FirstInvitation {
                invited(&accounts)
            } else {
                ada
            };
            let finish = opened(&accounts, user, way);
            let tick = |on| {
                let credentials = &accounts.credentials;
                assert!(accounts.write(|tx| credentials.enforce_factor(tx, user, on, &by(), NOW)));
            };
            let (reached, resume) = gate.close(Place::Hash);
            let came = std::thread::scope(|scope| {
                let resume = resume;
                let running = scope.spawn(finish);
                assert!(reached.recv_timeout(Duration::from_secs(60)).is_ok());
                if cleared {
                    tick(false);
                }
                resume.send(()).unwrap();
                running.join().unwrap()
            });
            let account = accounts.read(|tx| tx.account(user)).unwrap();
            let hash = account.password.map(|hash| hash.expose().to_owned());
            let set = hash == Some(CountingKdf::hash_of(SHORT));
            assert_eq!((came == Came::Set, set), (!cleared, !cleared), "{way:?}");
            // The step or the link is still good, for a longer one.
            assert_eq!(came == Came::TooShort, cleared, "{way:?}: {came:?}");
        }
    }
}

/// The last call of a way that was begun beside an enforced factor.
fn opened<'a, S>(
    accounts: &'a Accounts<'_, S>,
    user: UserId,
    way: Way,
) -> Box<dyn FnOnce() -> Came + Send + 'a>
where
    S: Store,
    S::Tx: CredentialTx,
{
    let (credentials, store) = (&accounts.credentials, accounts.store);
    let short = SecretString::from(SHORT);
    let tick = || {
        let ticked =
            |tx: &mut dyn CredentialTx| credentials.enforce_factor(tx, user, true, &by(), NOW);
        assert!(accounts.write(ticked));
    };
    let due = || {
        assert!(accounts.write(|tx| credentials.demand_change(tx, user, &by(), NOW)));
    };
    match way {
        Way::ForcedChange => {
            tick();
            due();
            let right = SecretString::from(RIGHT);
            let entered = credentials.sign_in(store, "ada", &right, &from(), NOW);
            let SignIn::ChangePassword(step) = entered.unwrap() else {
                panic!("a change is due");
            };
            Box::new(move || {
                let done = credentials.set_new_password(store, step, &short, &from(), NOW);
                match done.unwrap() {
                    PasswordStep::Again(_, Retry::Flaw(PasswordFlaw::TooShort { .. })) => {
                        Came::TooShort
                    }
                    PasswordStep::Onward(SignIn::Refused(_)) => Came::Refused,
                    PasswordStep::Onward(_) => Came::Set,
                    PasswordStep::Again(_, retry) => panic!("{retry:?}"),
                }
            })
        }
        Way::FirstInvitation | Way::Invitation => {
            tick();
            if way == Way::Invitation {
                due();
            }
            let link = accounts.write(|tx| credentials.invite(tx, user, &by(), NOW));
            Box::new(move || {
                let secret = &link.secret;
                came(
                    &credentials
                        .accept_invitation(store, secret, &short, &from(), NOW)
                        .unwrap(),
                )
            })
        }
        Way::Reset => {
            let mail = reset_mail(accounts);
            tick();
            due();
            let secret = link(accounts, &mail).unwrap();
            Box::new(move || {
                came(
                    &credentials
                        .finish_reset(store, &secret, &short, &from(), NOW)
                        .unwrap(),
                )
            })
        }
    }
}

fn came(done: &NewPassword<UserId>) -> Came {
    match done {
        NewPassword::Set(_) => Came::Set,
        NewPassword::Again(Retry::Flaw(PasswordFlaw::TooShort { .. })) => Came::TooShort,
        NewPassword::Again(retry) => panic!("{retry:?}"),
        NewPassword::Refused(_) => Came::Refused,
    }
}

/// The account of somebody who has no password yet.
fn invited<S>(accounts: &Accounts<'_, S>) -> UserId
where
    S: Store,
    S::Tx: CredentialTx,
{
    let user = UserId::new(NOW, &*accounts.draws).unwrap();
    let new = NewAccount {
        user,
        name: LoginName::parse("bob").unwrap(),
        password: FirstPassword::ToBeSet,
        expiry: None,
    };
    accounts.write(|tx| accounts.credentials.create_account(tx, new, &by(), NOW));
    user
}

fn from() -> Source {
    Source::new("10.0.0.1")
}

fn by() -> Actor {
    Actor::Operator("conformance".to_owned())
}
