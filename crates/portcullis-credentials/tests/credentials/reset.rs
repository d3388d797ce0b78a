//! A new password by mail link, for who forgot theirs.

use crate::world::{NEXT, RIGHT, T0, WRONG, World, by, secret, until_admin, world_with};
use chrono::TimeDelta;
use portcullis_credentials::{
    Accounts, Cause, CredentialError, CredentialSettings, Enclosed, Link, NewPassword, Refusal,
    Retry, Shown, SignIn, TokenSecret,
};
use portcullis_id::{Epoch, State, Timestamp, UserId, hours, minutes};
use portcullis_ledger::{Mail, Recipient, StoreExt};
use std::num::NonZeroU32;
use std::sync::atomic::Ordering;

pub(crate) fn with(settings: CredentialSettings) -> World {
    world_with(CredentialSettings {
        base_address: Some("https://portal.example/app/".to_owned()),
        ..settings
    })
}

pub(crate) fn world() -> World {
    with(CredentialSettings::default())
}

pub(crate) fn ask(world: &World, login: &str, now: Timestamp) -> Result<(), Refusal> {
    let asked = world
        .credentials
        .request_reset(&world.store, login, &world.source, now);
    asked.unwrap()
}

/// The newest mail with a link.
pub(crate) fn mail(world: &World) -> Option<Mail> {
    let mails = world.store.rows().mails;
    mails
        .into_iter()
        .rev()
        .find(|mail| mail.event == "password.reset")
}

pub(crate) fn link(world: &World, mail: &Mail, now: Timestamp) -> Option<Link> {
    let made = world
        .store
        .write(|tx| world.credentials.reset_link(tx, mail, now));
    made.unwrap()
}

/// Asks, and has the mail sent at once.
fn asked(world: &World, login: &str, now: Timestamp) -> TokenSecret {
    ask(world, login, now).unwrap();
    tail(&link(world, &mail(world).unwrap(), now).unwrap())
}

/// What the page behind the link finds in its address.
pub(crate) fn tail(link: &Link) -> TokenSecret {
    let tail = link
        .expose()
        .strip_prefix("https://portal.example/app/reset/");
    TokenSecret::from(tail.unwrap())
}

fn finish(world: &World, link: &TokenSecret, new: &str, now: Timestamp) -> NewPassword<UserId> {
    let (store, from) = (&world.store, &world.source);
    let set = world
        .credentials
        .finish_reset(store, link, &secret(new), from, now);
    set.unwrap()
}

fn refused(outcome: &NewPassword<UserId>) -> Option<Cause> {
    match outcome {
        NewPassword::Refused(refusal) => Some(refusal.cause()),
        NewPassword::Set(_) => None,
        NewPassword::Again(retry) => panic!("{retry:?}"),
    }
}

const MILLI: TimeDelta = TimeDelta::milliseconds(1);

#[test]
fn bug26_a_link_sets_a_password_once_and_signs_nobody_in() {
    let world = world();
    let session = world.begin(T0);
    let (revision, link) = (world.store.rows().policy, asked(&world, "Ada", T0));
    assert_eq!(
        world.store.rows().policy,
        revision,
        "asking changes nothing"
    );
    let _ = world.live(&session, T0);
    assert!(matches!(
        finish(&world, &link, "short", T0),
        NewPassword::Again(Retry::Flaw(_))
    ));
    assert!(matches!(finish(&world, &link, NEXT, T0), NewPassword::Set(user) if user == world.ada));
    let rows = world.store.rows();
    assert_eq!(
        rows.mails.last().unwrap().event,
        "password.set",
        "they are told"
    );
    assert_eq!(rows.mails.last().unwrap().to, Recipient::User(world.ada));
    assert!(rows.policy > revision);
    assert!(matches!(
        world.check(&session, T0),
        portcullis_credentials::SessionCheck::Ended(_)
    ));
    let again = finish(&world, &link, RIGHT, T0);
    let NewPassword::Refused(refusal) = again else {
        panic!("used twice")
    };
    assert_eq!(
        (refusal.cause(), refusal.shown()),
        (Cause::UnknownToken, Shown::InvalidLink)
    );
    assert_eq!(world.sign_in(RIGHT, T0).unwrap_err(), Cause::WrongPassword);
    assert!(world.sign_in(NEXT, T0).is_ok());
}

#[test]
fn bug26_of_twenty_who_follow_one_link_one_sets_the_password() {
    let world = world();
    let link = asked(&world, "ada", T0);
    let won: usize = std::thread::scope(|scope| {
        let follow = || usize::from(refused(&finish(&world, &link, NEXT, T0)).is_none());
        let all: Vec<_> = (0..20).map(|_| scope.spawn(follow)).collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(won, 1);
}

#[test]
fn bug26_a_link_of_a_reset_ends_on_its_tick() {
    let world = world();
    let end = T0.after(minutes(30));
    for (now, cause) in [(end, Some(Cause::ExpiredToken)), (end.before(MILLI), None)] {
        let link = asked(&world, "ada", T0);
        assert_eq!(refused(&finish(&world, &link, NEXT, now)), cause, "{now}");
    }
}

#[test]
fn bug26_whatever_changes_the_account_kills_its_link() {
    type Change = fn(&World);
    fn write<R>(
        w: &World,
        change: impl FnOnce(&mut crate::store::Rows) -> Result<R, CredentialError>,
    ) {
        drop(w.store.write(change).unwrap());
    }
    let changes: [(&str, Change, Cause); 8] = [
        (
            "a newer link",
            |w| drop(asked(w, "ada", T0)),
            Cause::UnknownToken,
        ),
        (
            "removal",
            |w| write(w, |tx| w.credentials.remove_account(tx, w.ada, &by(), T0)),
            Cause::UnknownToken,
        ),
        (
            "suspension",
            |w| {
                write(w, |tx| w.credentials.suspend(tx, w.ada, &by(), T0));
                write(w, |tx| w.credentials.resume(tx, w.ada, &by(), T0));
            },
            Cause::Superseded,
        ),
        (
            "disabling",
            |w| write(w, |tx| w.credentials.disable(tx, w.ada, &by(), T0)),
            Cause::Superseded,
        ),
        (
            "another address",
            |w| {
                write(w, |tx| {
                    w.credentials.email_changed(tx, w.ada, None, &by(), T0)
                });
            },
            Cause::Superseded,
        ),
        (
            "a change that is due",
            |w| write(w, |tx| w.credentials.demand_change(tx, w.ada, &by(), T0)),
            Cause::Superseded,
        ),
        (
            "another password",
            |w| {
                let hash = crate::world::plain(WRONG);
                write(w, |tx| {
                    Ok(tx.set_password(w.ada, Epoch::FIRST, &hash, false)?)
                });
            },
            Cause::Superseded,
        ),
        (
            "an invitation that was accepted",
            |w| {
                let invite =
                    |tx: &mut crate::store::Rows| w.credentials.invite(tx, w.ada, &by(), T0);
                let invitation = w.store.write(invite).unwrap();
                let (link, new) = (&invitation.secret, secret(NEXT));
                let set = w
                    .credentials
                    .accept_invitation(&w.store, link, &new, &w.source, T0);
                assert!(matches!(set.unwrap(), NewPassword::Set(_)));
            },
            Cause::Superseded,
        ),
    ];
    for (what, change, cause) in changes {
        let world = world();
        let link = asked(&world, "ada", T0);
        change(&world);
        assert_eq!(
            refused(&finish(&world, &link, RIGHT, T0)),
            Some(cause),
            "{what}"
        );
    }
}

/// An older invitation dies with the password it would have replaced.
#[test]
fn bug26_a_reset_kills_the_invitation_before_it() {
    let world = world();
    let invite = |tx: &mut crate::store::Rows| world.credentials.invite(tx, world.ada, &by(), T0);
    let invitation = world.store.write(invite).unwrap();
    let link = asked(&world, "ada", T0);
    assert_eq!(refused(&finish(&world, &link, NEXT, T0)), None);
    let (old, new) = (&invitation.secret, secret(RIGHT));
    let set = world
        .credentials
        .accept_invitation(&world.store, old, &new, &world.source, T0);
    assert_eq!(refused(&set.unwrap()), Some(Cause::Superseded));
    let crossed = asked(&world, "ada", T0.after(hours(1)));
    let set = world
        .credentials
        .accept_invitation(&world.store, &crossed, &new, &world.source, T0);
    assert_eq!(
        refused(&set.unwrap()),
        Some(Cause::UnknownToken),
        "one purpose"
    );
}

/// A link is made at the sending, and only for who could use it.
#[test]
fn bug06_a_link_is_made_for_nobody_it_could_not_let_in() {
    type Change = fn(&World);
    fn write<R>(
        w: &World,
        change: impl FnOnce(&mut crate::store::Rows) -> Result<R, CredentialError>,
    ) {
        drop(w.store.write(change).unwrap());
    }
    let changes: [(&str, Change); 6] = [
        ("removed", |w| {
            write(w, |tx| w.credentials.remove_account(tx, w.ada, &by(), T0));
        }),
        ("suspended", |w| {
            write(w, |tx| w.credentials.suspend(tx, w.ada, &by(), T0));
        }),
        ("disabled", |w| {
            write(w, |tx| w.credentials.disable(tx, w.ada, &by(), T0));
        }),
        ("expired", |w| {
            let (one, yesterday) = (NonZeroU32::new(1), T0.before(hours(24)));
            write(w, |tx| {
                w.credentials.set_expiry(tx, w.ada, one, &by(), yesterday)
            });
        }),
        ("in the directory", |w| {
            use portcullis_credentials::Accounts;
            write(w, |tx| Ok(tx.set_directory(w.ada, true)?));
        }),
        ("locked", |w| w.fail(5, T0)),
    ];
    for (what, change) in changes {
        let world = with(until_admin());
        ask(&world, "ada", T0).unwrap();
        let mail = mail(&world).unwrap();
        assert!(link(&world, &mail, T0).is_some(), "{what}");
        change(&world);
        assert!(link(&world, &mail, T0).is_none(), "{what}");
    }
    let world = world();
    ask(&world, "ada", T0).unwrap();
    let mail = mail(&world).unwrap();
    let end = T0.after(minutes(30));
    assert!(link(&world, &mail, end.before(MILLI)).is_some());
    assert!(
        link(&world, &mail, end).is_none(),
        "whoever still wants one asks again"
    );
    let other = Mail {
        event: "password.set".to_owned(),
        ..mail.clone()
    };
    assert!(link(&world, &other, T0).is_none());
    world.fail(5, T0);
    assert!(
        link(&world, &mail, T0).is_some(),
        "a lock of 15 minutes ends before the link does"
    );
}

/// A lock lets nobody in by this door: neither one that was there, nor one that is reached while
/// the new password is being hashed.
#[test]
fn bug06_a_lock_is_looked_at_at_the_start_and_at_the_finish() {
    let world = with(until_admin());
    let link = asked(&world, "ada", T0);
    world.fail(5, T0);
    let never = Cause::Locked(Timestamp::MAX);
    assert_eq!(refused(&finish(&world, &link, NEXT, T0)), Some(never));
    world
        .store
        .write(|tx| world.credentials.unlock(tx, world.ada, &by(), T0))
        .unwrap();
    *world.store.meanwhile.lock().unwrap() = Some(|rows| {
        rows.accounts[0].tries.locked_until = Some(Timestamp::MAX);
    });
    assert_eq!(refused(&finish(&world, &link, NEXT, T0)), Some(never));
    assert!(world.kdf.made.load(Ordering::SeqCst) >= 1);
    world
        .store
        .write(|tx| world.credentials.unlock(tx, world.ada, &by(), T0))
        .unwrap();
    *world.store.meanwhile.lock().unwrap() = Some(|rows| {
        rows.accounts[0].suspended_at = Some(T0);
    });
    let suspended = Cause::Standing(State::Suspended);
    assert_eq!(refused(&finish(&world, &link, NEXT, T0)), Some(suspended));
    assert_eq!(
        world.store.rows().accounts[0]
            .password
            .as_ref()
            .map(|hash| hash.expose().to_owned()),
        Some(format!("plain${RIGHT}"))
    );
}

/// A reset is no way around the second factor, nor to fewer counted codes (ASVS 6.4.3).
#[test]
fn s29_a_reset_skips_no_second_factor() {
    let world = world();
    let (phone, _) = world.enrolled();
    let link = asked(&world, "ada", T0);
    assert_eq!(refused(&finish(&world, &link, NEXT, T0)), None);
    let SignIn::SecondFactor(step) = world.try_sign_in("ada", NEXT, T0) else {
        panic!("skipped");
    };
    let code = phone.code(T0);
    let code = portcullis_credentials::FactorCode::App(&code);
    let answer = world
        .credentials
        .second_factor(&world.store, step, code, &world.source, T0);
    assert!(matches!(
        answer.unwrap(),
        portcullis_credentials::FactorStep::Onward(SignIn::Done(_))
    ));
}

/// Wrong passwords of before stay counted: a reset is no way to guess on.
#[test]
fn bug15_a_reset_forgets_no_wrong_password() {
    let world = world();
    world.fail(4, T0);
    let link = asked(&world, "ada", T0);
    assert_eq!(refused(&finish(&world, &link, NEXT, T0)), None);
    assert_eq!(world.tries().counted, 4);
}

#[test]
fn bug12_a_source_over_its_limit_asks_for_no_mail_and_follows_no_link() {
    let world = with(CredentialSettings {
        source_burst: 2,
        ..CredentialSettings::default()
    });
    let link = asked(&world, "ada", T0);
    ask(&world, "nobody", T0).unwrap();
    let before = world.store.rows();
    for who in ["ada", "nobody", ""] {
        let refusal = ask(&world, who, T0).unwrap_err();
        assert_eq!(
            (refusal.cause(), refusal.shown()),
            (Cause::TooManyFromSource, Shown::TryLater)
        );
    }
    assert_eq!(
        refused(&finish(&world, &link, NEXT, T0)),
        Some(Cause::TooManyFromSource)
    );
    let after = world.store.rows();
    assert_eq!(
        (after.mails.len(), after.audit.len()),
        (before.mails.len(), before.audit.len())
    );
    assert_eq!(
        refused(&finish(&world, &link, NEXT, T0.after(minutes(1)))),
        None,
        "it is not used up"
    );
}

/// Whoever sends the mails opens this one like any other.
#[test]
fn bug26_a_mail_of_a_reset_opens_as_a_link_when_it_is_sent() {
    let world = world();
    ask(&world, "ada", T0).unwrap();
    let mail = mail(&world).unwrap();
    let open = |now| {
        world
            .store
            .write(|tx| world.credentials.open_mail(tx, &mail, &by(), now))
            .unwrap()
    };
    let Some(Enclosed::Reset(link)) = open(T0) else {
        panic!("no link")
    };
    let older = tail(&link);
    let Some(Enclosed::Reset(link)) = open(T0) else {
        panic!("no link")
    };
    assert_eq!(
        refused(&finish(&world, &older, NEXT, T0)),
        Some(Cause::UnknownToken),
        "sent twice"
    );
    assert_eq!(refused(&finish(&world, &tail(&link), NEXT, T0)), None);
    assert!(open(T0.after(hours(1))).is_none(), "it is not sent");
}
