//! Invitations by mail: what waits in the outbox, what whoever sends it gets, and what then works.

use crate::store::Rows;
use crate::world::{NEXT, RIGHT, T0, World, by, name, ring, secret, world, world_with};
use portcullis_credentials::{
    AccountEvent, Cause, CredentialError, CredentialSettings, Enclosed, Enclosure, FirstPassword,
    HashedPassword, InvitationPayload, KeyRing, KeyRingError, NewPassword, PasswordSetBy, Proof,
    SecretString, SignIn,
};
use portcullis_id::{Timestamp, UserId, hours};
use portcullis_ledger::{Ledger, Mail, Recipient, StoreExt};
use secrecy::ExposeSecret;
use std::sync::Arc;

fn mailing(password_set_by: PasswordSetBy) -> World {
    world_with(CredentialSettings {
        password_set_by,
        invitation_payload: InvitationPayload::Credentials,
        ..CredentialSettings::six_to_fifteen_letters_and_digits()
    })
}

fn made_up(world: &World) -> HashedPassword {
    world.credentials.generate_password().unwrap().unwrap()
}

fn post(world: &World, user: UserId, enclosure: Enclosure) -> Result<Mail, CredentialError> {
    let id = world.store.write(|tx| {
        let credentials = &world.credentials;
        credentials.mail_invitation(tx, user, enclosure, None, &by(), T0)
    })?;
    let mails = world.store.rows().mails;
    Ok(mails.into_iter().find(|mail| mail.id == id).unwrap())
}

/// What a sender does.
fn send(world: &World, mail: &Mail, now: Timestamp) -> Result<Option<Enclosed>, CredentialError> {
    world.store.write(|tx: &mut Rows| {
        let taken = tx.take_mail(mail.id)?.unwrap();
        world.credentials.open_mail(tx, &taken, &by(), now)
    })
}

fn mailed_password(world: &World, mail: &Mail) -> SecretString {
    match send(world, mail, T0) {
        Ok(Some(Enclosed::Password(password))) => password,
        other => panic!("{other:?}"),
    }
}

fn enter(world: &World, password: &SecretString) -> SignIn {
    let credentials = &world.credentials;
    credentials
        .sign_in(&world.store, "eve", password, &world.source, T0)
        .unwrap()
}

fn entered(world: &World, password: &SecretString) -> Proof {
    match enter(world, password) {
        SignIn::Done(proof) => proof,
        other => panic!("{other:?}"),
    }
}

#[test]
fn d55_the_mail_carries_the_password_that_the_same_call_has_set() {
    let world = mailing(PasswordSetBy::Staff);
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let chosen = world
        .credentials
        .hash_password(&secret("kwbz8hqd"))
        .unwrap();
    let mail = post(&world, eve, Enclosure::Password(chosen.unwrap())).unwrap();
    assert_eq!(mail.to, Recipient::User(eve));
    let password = mailed_password(&world, &mail);
    assert_eq!(password.expose_secret(), "kwbz8hqd");
    assert_eq!(entered(&world, &password).user(), eve);
}

#[test]
fn choice15_a_mailed_password_waits_sealed_and_is_gone_when_it_is_sent() {
    let world = mailing(PasswordSetBy::Generated);
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let mail = post(&world, eve, Enclosure::Password(made_up(&world))).unwrap();
    let sealed = mail.sealed.clone().expect("sealed");
    assert!(sealed.text().starts_with("x1$first$"), "the key's id alone");
    let waiting = world.store.rows();
    let password = mailed_password(&world, &mail);
    let text = password.expose_secret();
    // The hash of these tests is the password itself; all else that is kept does not hold it.
    let kept = format!(
        "{:?} {:?} {:?}",
        waiting.audit,
        waiting.mails,
        sealed.text()
    );
    assert!(!kept.contains(text), "{kept}");
    assert!(!format!("{:?}", made_up(&world)).contains("plain"));
    assert_eq!(world.store.rows().mails, [], "it is gone");
    let gone = world.store.write(|tx| tx.take_mail(mail.id)).unwrap();
    assert_eq!(gone, None);
    drop(entered(&world, &password));
}

#[test]
fn choice15_what_is_sealed_opens_with_the_ring_in_its_own_mail_alone() {
    let mut world = mailing(PasswordSetBy::Generated);
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let mail = post(&world, eve, Enclosure::Password(made_up(&world))).unwrap();
    let second = post(&world, eve, Enclosure::Password(made_up(&world))).unwrap();
    let open = |world: &World, mail: &Mail| {
        let credentials = &world.credentials;
        let opened = world
            .store
            .write(|tx| credentials.open_mail(tx, mail, &by(), T0));
        match opened {
            Err(CredentialError::KeyRing(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let swapped = Mail {
        sealed: second.sealed.clone(),
        ..mail.clone()
    };
    assert_eq!(open(&world, &swapped), KeyRingError::Broken);
    let anothers = Mail {
        to: Recipient::User(world.ada),
        ..mail.clone()
    };
    assert_eq!(open(&world, &anothers), KeyRingError::Broken);
    let stranger: KeyRing = ring("first", 9);
    world.credentials = world.credentials.with_key_ring(Arc::new(stranger));
    assert_eq!(open(&world, &mail), KeyRingError::Broken);
    let other = ring("second", 1);
    world.credentials = world.credentials.with_key_ring(Arc::new(other));
    assert_eq!(
        open(&world, &mail),
        KeyRingError::Unknown("first".to_owned())
    );
}

#[test]
fn choice15_p53_a_repeated_password_is_temporary() {
    let world = mailing(PasswordSetBy::Generated);
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let first = post(&world, eve, Enclosure::Password(made_up(&world))).unwrap();
    let first = mailed_password(&world, &first);
    drop(entered(&world, &first));
    let again = post(&world, eve, Enclosure::Password(made_up(&world))).unwrap();
    let told = world.store.rows().mails;
    let told: Vec<_> = told.iter().map(|mail| mail.event.as_str()).collect();
    assert_eq!(told, ["password.assign", "account.invite"]);
    let again = mailed_password(&world, &again);
    let SignIn::Refused(refusal) = enter(&world, &first) else {
        panic!("the first one still works");
    };
    assert_eq!(refusal.cause(), Cause::WrongPassword);
    let SignIn::ChangePassword(step) = enter(&world, &again) else {
        panic!("no change is due");
    };
    let next = secret("w8zbHQd3own");
    let set = world
        .credentials
        .set_new_password(&world.store, step, &next, &world.source, T0);
    drop(set.unwrap());
    assert_eq!(entered(&world, &next).user(), eve);
}

#[test]
fn c11_a_made_up_password_must_be_changed_where_the_policy_has_it_so() {
    let world = mailing(PasswordSetBy::GeneratedThenChange);
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let mail = post(&world, eve, Enclosure::Password(made_up(&world))).unwrap();
    let password = mailed_password(&world, &mail);
    assert_eq!(password.expose_secret().len(), 15);
    assert!(matches!(
        enter(&world, &password),
        SignIn::ChangePassword(_)
    ));
}

#[test]
fn c11_where_passwords_are_made_up_nobody_chooses_one() {
    let world = mailing(PasswordSetBy::Generated);
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let chosen = || {
        let hashed = world.credentials.hash_password(&secret("kwbz8hqd"));
        hashed.unwrap().unwrap()
    };
    let refused = post(&world, eve, Enclosure::Password(chosen())).unwrap_err();
    assert!(matches!(refused, CredentialError::NotThisWay(_)));
    let assigned = world.store.write(|tx| {
        let credentials = &world.credentials;
        credentials.assign_password(tx, eve, chosen(), &by(), T0)
    });
    assert!(matches!(assigned, Err(CredentialError::NotThisWay(_))));
    assert_eq!(world.store.rows().mails, []);
}

#[test]
fn c13_where_invitations_carry_a_link_no_password_is_mailed() {
    let world = world_with(CredentialSettings {
        password_set_by: PasswordSetBy::StaffThenChange,
        ..CredentialSettings::default()
    });
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let chosen = world.credentials.hash_password(&secret(RIGHT)).unwrap();
    let refused = post(&world, eve, Enclosure::Password(chosen.unwrap())).unwrap_err();
    assert!(matches!(refused, CredentialError::NotThisWay(_)));
    assert_eq!(world.store.rows().mails, []);
}

#[test]
fn c13_a_link_is_made_when_its_mail_is_sent() {
    let world = world();
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let mail = post(&world, eve, Enclosure::Link).unwrap();
    assert_eq!(
        (mail.event.as_str(), &mail.sealed),
        ("account.invite", &None)
    );
    assert!(world.store.rows().tokens.is_empty(), "nothing secret waits");
    let later = T0.after(hours(400));
    let Ok(Some(Enclosed::Invitation(link))) = send(&world, &mail, later) else {
        panic!("no link");
    };
    assert_eq!(
        link.expires_at,
        later.after(hours(72)),
        "from the sending on"
    );
    let set = world.credentials.accept_invitation(
        &world.store,
        &link.secret,
        &secret(NEXT),
        &world.source,
        later,
    );
    assert!(matches!(set.unwrap(), NewPassword::Set(user) if user == eve));
}

#[test]
fn d33_a_mail_to_who_is_gone_opens_nothing() {
    let world = mailing(PasswordSetBy::Generated);
    let change: [fn(&World, UserId); 3] = [
        |world, eve| {
            let gone = |tx: &mut Rows| world.credentials.remove_account(tx, eve, &by(), T0);
            world.store.write(gone).unwrap();
        },
        |world, eve| {
            let off = |tx: &mut Rows| world.credentials.disable(tx, eve, &by(), T0);
            assert!(world.store.write(off).unwrap());
        },
        |world, eve| {
            let held = |tx: &mut Rows| world.credentials.suspend(tx, eve, &by(), T0);
            assert!(world.store.write(held).unwrap());
        },
    ];
    for (n, change) in change.into_iter().enumerate() {
        let eve = world.add(&format!("eve{n}"), FirstPassword::ToBeSet, None);
        let eve = eve.unwrap();
        let link = post(&world, eve, Enclosure::Link).unwrap();
        let password = post(&world, eve, Enclosure::Password(made_up(&world))).unwrap();
        change(&world, eve);
        for mail in [link, password] {
            let opened = send(&world, &mail, T0).unwrap();
            assert!(opened.is_none(), "{opened:?}");
        }
    }
    assert!(world.store.rows().tokens.is_empty());
}

#[test]
fn choice18_what_tells_of_ones_own_security_carries_nothing_and_is_not_an_invitation() {
    let world = mailing(PasswordSetBy::Generated);
    assert!(
        !AccountEvent::Invited.is_mailed(),
        "an invitation can be switched off"
    );
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    for _ in 0..2 {
        drop(post(&world, eve, Enclosure::Password(made_up(&world))).unwrap());
    }
    let told = world
        .store
        .rows()
        .mails
        .into_iter()
        .find(|mail| AccountEvent::named(&mail.event).is_some_and(AccountEvent::is_mailed));
    let told = told.expect("of the second password");
    assert_eq!((&told.to, &told.sealed), (&Recipient::User(eve), &None));
    let opened = world
        .store
        .write(|tx| world.credentials.open_mail(tx, &told, &by(), T0));
    assert!(matches!(opened.unwrap(), Some(Enclosed::Nothing)));
}

#[test]
fn choice15_a_password_is_mailed_under_a_key_ring_or_not_at_all() {
    let bare = world_with(CredentialSettings::default());
    assert!(bare.credentials.policy().check_key_ring(None).is_ok());
    let world = mailing(PasswordSetBy::Generated);
    let policy = world.credentials.policy();
    assert!(policy.check_key_ring(Some(&ring("k", 1))).is_ok());
    let error = policy.check_key_ring(None).unwrap_err();
    assert_eq!(error.knob(), "invitation_payload");
    assert!(error.to_string().contains("key ring"), "{error}");
    let weak: Vec<_> = policy.weaknesses().map(|(knob, _)| knob).collect();
    assert!(weak.contains(&"invitation_payload") && weak.contains(&"password_set_by"));
    let without = portcullis_credentials::Credentials::new(
        policy.clone(),
        portcullis_credentials::Administrators::none(),
        world.kdf.clone(),
        world.draws.clone(),
    );
    let without = without.unwrap();
    let eve = world.add("eve", FirstPassword::ToBeSet, None).unwrap();
    let password = without.generate_password().unwrap().unwrap();
    let refused = world.store.write(|tx| {
        let letter = Enclosure::Password(password);
        without.mail_invitation(tx, eve, letter, None, &by(), T0)
    });
    assert!(matches!(
        refused,
        Err(CredentialError::KeyRing(KeyRingError::Missing))
    ));
    let rows = world.store.rows();
    let account = rows.accounts.iter().find(|account| account.user == eve);
    assert_eq!(account.unwrap().name, name("eve"));
    assert!(account.unwrap().password.is_none(), "set and not mailed");
}
