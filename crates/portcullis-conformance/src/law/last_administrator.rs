//! Somebody is always left to unlock the others (promise 5, bug 12).

use crate::{CountingKdf, Draws, Harness, NOW};
use portcullis::credentials::{AccountEvent, Accounts, Lock, PasswordSetBy, SecretString, Source};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::{Timestamp, UserId, hours};
use portcullis::ledger::{Ledger, Store, StoreError, StoreExt};
use portcullis::{ErrorKind, Portal, PortalBuilder, PortalTx, presets};
use std::sync::{Arc, Barrier};

/// Strangers lock two administrators at once, under a lock that lasts until one of them unlocks: one
/// is locked for a time only, and the audit says why. That one is then neither removed, demoted nor
/// suspended by the other, whose session a lock does not end.
pub fn bug12_of_all_administrators_locked_at_once_one_comes_back<H: Harness>() {
    let (store, held) = H::shared();
    let portal = portal(store);
    let both = ["ada", "bob"].map(|name| administrator(&portal, name));
    for round in 0..8 {
        let audit = || portal.store().read(|tx| tx.audit(10_000)).unwrap();
        let before = audit().len();
        lock_at_once(&portal);
        let until = both.map(|user| locked_until(&portal, user).unwrap());
        let a_day = NOW.after(hours(24));
        let (last, other) = match until {
            [Timestamp::MAX, end] if end == a_day => (both[1], both[0]),
            [end, Timestamp::MAX] if end == a_day => (both[0], both[1]),
            _ => panic!("round {round}: {until:?}"),
        };
        // Newest first: what an earlier round was told says nothing of this one.
        let mut told = audit();
        told.truncate(told.len() - before);
        let of_last = |event: AccountEvent, text: &str| {
            told.iter().any(|entry| {
                let target = entry.target == format!("user:{last}");
                target && entry.action == event.name() && entry.detail.contains(text)
            })
        };
        assert!(of_last(
            AccountEvent::Locked,
            "nobody else could, from 10.0.0.1"
        ));

        let me = portal.vouched(other, "sso", NOW).unwrap();
        let desk = portal.acting(&me);
        for refused in [
            desk.remove_user(last),
            desk.set_rights(last, &[]),
            desk.accounts().suspend(last).map(drop),
            desk.accounts().disable(last).map(drop),
        ] {
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::Refused);
        }
        let me = portal.vouched(last, "sso", NOW).unwrap();
        assert!(portal.acting(&me).accounts().unlock(other).unwrap());
        let operator = portal.operator("tests", NOW);
        assert!(operator.accounts().unlock(last).unwrap());
    }
    drop((portal, held));
}

fn portal<S>(store: S) -> Portal<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    let mut profile = presets::safe();
    profile.access.starts_active = true;
    profile.credentials.lock = Lock::UntilAdmin;
    profile.credentials.lock_threshold = 2;
    profile.credentials.password_set_by = PasswordSetBy::Staff;
    profile.credentials.source_attempts_per_minute = None;
    PortalBuilder::new(profile)
        .kdf(Arc::new(CountingKdf::default()))
        .entropy(Arc::new(Draws::seeded(12)))
        .open(store)
        .unwrap()
}

fn administrator<S>(portal: &Portal<S>, name: &str) -> UserId
where
    S: Store,
    S::Tx: PortalTx,
{
    let password = SecretString::from("the right password");
    let hashed = portal.credentials().hash_password(&password);
    let login = NewLogin {
        name: name.to_owned(),
        login: name.to_owned(),
        email: None,
        rights: vec!["users.manage".to_owned()],
        password: FirstLogin::Password(hashed.unwrap().unwrap()),
        expires_in_days: None,
    };
    let operator = portal.operator("tests", NOW);
    operator.add_staff(login, true).unwrap().0
}

/// Four strangers guess two passwords each, of both at once.
fn lock_at_once<S>(portal: &Portal<S>)
where
    S: Store,
    S::Tx: PortalTx,
{
    let start = Barrier::new(4);
    std::thread::scope(|scope| {
        for name in ["ada", "bob", "ada", "bob"] {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                for _ in 0..2 {
                    let wrong = SecretString::from("some wrong password");
                    let from = Source::new("10.0.0.1");
                    drop(portal.sign_in(name, &wrong, &from, NOW).unwrap());
                }
            });
        }
    });
}

fn locked_until<S>(portal: &Portal<S>, user: UserId) -> Option<Timestamp>
where
    S: Store,
    S::Tx: PortalTx,
{
    let account = portal.store().read(|tx| tx.account(user));
    let account: Result<_, StoreError> = account;
    account.unwrap().unwrap().tries.locked_until
}
