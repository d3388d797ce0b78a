use crate::world::{NEXT, RIGHT, T0, by, secret, world};
use portcullis_credentials::{
    Cause, CredentialError, FirstPassword, Invitation, NewPassword, Purpose, Refusal, Retry, Shown,
    SignIn, TokenSecret,
};
use portcullis_id::{State, Timestamp, UserId, hours};
use portcullis_ledger::StoreExt;

fn invite(world: &crate::world::World, user: UserId) -> Result<Invitation, CredentialError> {
    world
        .store
        .write(|tx| world.credentials.invite(tx, user, &by(), T0))
}

fn accept(
    world: &crate::world::World,
    secret_of: &TokenSecret,
    new: &str,
    now: Timestamp,
) -> NewPassword<UserId> {
    world
        .credentials
        .accept_invitation(&world.store, secret_of, &secret(new), &world.source, now)
        .unwrap()
}

fn refusal(outcome: NewPassword<UserId>) -> Refusal {
    match outcome {
        NewPassword::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn d34_an_invitation_sets_the_password_and_does_not_sign_in() {
    let world = world();
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    assert_eq!(
        world.store.rows().accounts[1].standing().at(T0),
        State::Invited
    );
    let invitation = invite(&world, eve).unwrap();
    let revision = world.store.rows().policy;
    let NewPassword::Again(Retry::Flaw(_)) = accept(&world, &invitation.secret, "short", T0) else {
        panic!("a flaw used the invitation up");
    };
    assert!(
        matches!(accept(&world, &invitation.secret, NEXT, T0), NewPassword::Set(user) if user == eve)
    );
    let rows = world.store.rows();
    assert_eq!(rows.accounts[1].standing().at(T0), State::Usable);
    assert!(
        rows.policy > revision,
        "viewers of the old standing are stale"
    );
    assert!(rows.sessions.is_empty());
    assert!(matches!(
        world.try_sign_in("eve", NEXT, T0),
        SignIn::Done(_)
    ));
}

#[test]
fn bug26_an_invitation_works_once() {
    let world = world();
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let invitation = invite(&world, eve).unwrap();
    let won: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..20)
            .map(|_| {
                scope.spawn(|| {
                    let outcome = accept(&world, &invitation.secret, NEXT, T0);
                    usize::from(matches!(outcome, NewPassword::Set(_)))
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(won, 1);
    let again = refusal(accept(&world, &invitation.secret, RIGHT, T0));
    assert_eq!(again.cause(), Cause::UnknownToken);
    assert_eq!(again.shown(), Shown::InvalidLink);
}

#[test]
fn bug26_an_invitation_ends_on_its_tick() {
    let world = world();
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let invitation = invite(&world, eve).unwrap();
    assert_eq!(invitation.expires_at, T0.after(hours(72)));
    let late = refusal(accept(
        &world,
        &invitation.secret,
        NEXT,
        invitation.expires_at,
    ));
    assert_eq!(late.cause(), Cause::ExpiredToken);
    let just = invitation
        .expires_at
        .before(chrono::TimeDelta::milliseconds(1));
    assert!(matches!(
        accept(&world, &invitation.secret, NEXT, just),
        NewPassword::Set(_)
    ));
}

#[test]
fn bug26_a_newer_invitation_and_every_change_kill_the_older_one() {
    type Change = fn(&crate::world::World, UserId);
    let changes: [(&str, Change, Cause); 5] = [
        (
            "a newer one",
            |w, eve| drop(invite(w, eve).unwrap()),
            Cause::UnknownToken,
        ),
        (
            "removal",
            |w, eve| {
                w.store
                    .write(|tx| w.credentials.remove_account(tx, eve, &by(), T0))
                    .unwrap();
            },
            Cause::UnknownToken,
        ),
        (
            "suspension",
            |w, eve| {
                assert!(
                    w.store
                        .write(|tx| w.credentials.suspend(tx, eve, &by(), T0))
                        .unwrap()
                );
                assert!(
                    w.store
                        .write(|tx| w.credentials.resume(tx, eve, &by(), T0))
                        .unwrap()
                );
            },
            Cause::Superseded,
        ),
        (
            "disabling",
            |w, eve| {
                assert!(
                    w.store
                        .write(|tx| w.credentials.disable(tx, eve, &by(), T0))
                        .unwrap()
                );
            },
            Cause::Superseded,
        ),
        (
            "a password",
            |w, eve| {
                use portcullis_credentials::Accounts;
                let set = w.store.write(|tx| {
                    tx.set_password(
                        eve,
                        portcullis_id::Epoch::FIRST,
                        &crate::world::plain(RIGHT),
                        false,
                    )
                });
                assert!(set.unwrap());
            },
            Cause::Superseded,
        ),
    ];
    for (what, change, cause) in changes {
        let world = world();
        let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
        let invitation = invite(&world, eve).unwrap();
        change(&world, eve);
        assert_eq!(
            refusal(accept(&world, &invitation.secret, NEXT, T0)).cause(),
            cause,
            "{what}"
        );
    }
}

#[test]
fn s27_an_expired_account_sets_no_password() {
    let world = world();
    let invitation = invite(&world, world.ada).unwrap();
    let one = std::num::NonZeroU32::new(1);
    let expire = world
        .store
        .write(|tx| world.credentials.set_expiry(tx, world.ada, one, &by(), T0));
    assert!(expire.unwrap());
    let late = refusal(accept(
        &world,
        &invitation.secret,
        NEXT,
        T0.after(hours(24)),
    ));
    assert_eq!(late.cause(), Cause::Standing(State::Expired));
}

#[test]
fn bug06_a_lock_stops_a_link_until_the_tick_it_ends() {
    let world = world();
    let invitation = invite(&world, world.ada).unwrap();
    world.fail(5, T0);
    let end = T0.after(portcullis_id::minutes(15));
    let just = end.before(chrono::TimeDelta::milliseconds(1));
    let locked = refusal(accept(&world, &invitation.secret, NEXT, just));
    assert_eq!(locked.cause(), Cause::Locked(end));
    assert!(matches!(
        accept(&world, &invitation.secret, NEXT, end),
        NewPassword::Set(_)
    ));
}

#[test]
fn bug26_the_purge_keeps_the_live_and_drops_the_dead() {
    let world = world();
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let invitation = invite(&world, eve).unwrap();
    let session = world.begin(T0);
    let purge = |now| {
        let purged = world.credentials.purge(&world.store, now);
        purged.unwrap()
    };
    let just = |end: Timestamp| end.before(chrono::TimeDelta::milliseconds(1));
    assert_eq!(purge(just(T0.after(hours(1)))), 0);
    let _ = world.live(&session, just(T0.after(hours(1))));
    assert_eq!(purge(T0.after(hours(1))), 1, "the idle session");
    assert_eq!(purge(just(invitation.expires_at)), 0);
    assert_eq!(purge(invitation.expires_at), 1);
}

#[test]
fn a_token_serves_its_purpose_alone() {
    let world = world();
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let invitation = invite(&world, eve).unwrap();
    let step = portcullis_credentials::Step::resume(invitation.secret.clone());
    let answer = world
        .credentials
        .set_new_password(&world.store, step, &secret(NEXT), &world.source, T0)
        .unwrap();
    assert!(matches!(
        answer,
        portcullis_credentials::PasswordStep::Onward(SignIn::Refused(_))
    ));
    assert!(matches!(
        accept(&world, &invitation.secret, NEXT, T0),
        NewPassword::Set(_)
    ));
}

#[test]
fn d33_who_may_not_sign_in_is_not_invited() {
    let world = world();
    world
        .store
        .write(|tx| world.credentials.suspend(tx, world.ada, &by(), T0))
        .unwrap();
    assert!(matches!(
        invite(&world, world.ada),
        Err(CredentialError::NotInUse(_))
    ));
    let nobody = UserId::from_uuid(
        portcullis_id::SessionId::new(T0, &*world.draws)
            .unwrap()
            .uuid(),
    );
    assert!(matches!(
        invite(&world, nobody),
        Err(CredentialError::NoAccount(_))
    ));
}

#[test]
fn a_malformed_link_is_refused_like_an_unknown_one() {
    let world = world();
    for text in ["", "x", &"A".repeat(43), &"A".repeat(1_000_000)] {
        let refused = refusal(accept(&world, &TokenSecret::from(text), NEXT, T0));
        assert_eq!(refused.cause(), Cause::UnknownToken);
    }
}

#[test]
fn a_purpose_survives_storage_and_an_unknown_one_is_none() {
    for purpose in [Purpose::Invitation, Purpose::ChangePassword] {
        assert_eq!(Purpose::named(purpose.name()), Some(purpose));
    }
    assert_eq!(Purpose::named("of-a-later-version"), None);
}
