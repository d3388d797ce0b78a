//! What asking for a new password tells and does, and where its link stands.

use crate::reset::{ask, link, mail, tail, with, world};
use crate::world::{RIGHT, T0, WRONG, by, imported, until_admin, world_with};
use portcullis_credentials::{
    Accounts, CredentialError, CredentialPolicy, CredentialSettings, FirstPassword, Source,
};
use portcullis_id::{hours, minutes};
use portcullis_ledger::{Mail, Recipient, StoreExt};
use std::num::NonZeroU32;
use std::sync::atomic::Ordering;

/// Everybody who could be meant, and nobody: the answer and the line of the audit look the same.
#[test]
fn bug21_an_answer_tells_nothing_of_the_account() {
    let world = with(until_admin());
    let one = NonZeroU32::new(1);
    let suspended = world.add("suspended", imported(RIGHT), None).unwrap();
    let disabled = world.add("disabled", imported(RIGHT), None).unwrap();
    let kept = world.add("kept", imported(RIGHT), None).unwrap();
    world.add("invited", FirstPassword::ToBeSet, None).unwrap();
    world.add("expired", imported(RIGHT), one).unwrap();
    world.add("locked", imported(RIGHT), None).unwrap();
    world.add("twice", imported(RIGHT), None).unwrap();
    world
        .store
        .write(|tx| world.credentials.suspend(tx, suspended, &by(), T0))
        .unwrap();
    world
        .store
        .write(|tx| world.credentials.disable(tx, disabled, &by(), T0))
        .unwrap();
    world
        .store
        .write(|tx| tx.set_directory(kept, true))
        .unwrap();
    for _ in 0..5 {
        let _ = world.try_sign_in("locked", WRONG, T0);
    }
    let now = T0.after(hours(24));
    for _ in 0..2 {
        ask(&world, "twice", now).unwrap();
    }
    let before = world.store.rows().mails.len();
    let long = "x".repeat(10_000_000);
    for who in [
        "nobody",
        "",
        "ada@provider.example",
        "\0",
        long.as_str(),
        "suspended",
        "disabled",
        "kept",
        "invited",
        "expired",
        "locked",
        "twice",
        "ada",
    ] {
        let (runs, commits) = (
            world.kdf.count(),
            world.store.commits.load(Ordering::SeqCst),
        );
        assert_eq!(ask(&world, who, now), Ok(()), "{who}");
        assert_eq!(world.kdf.count(), runs);
        assert_eq!(world.store.commits.load(Ordering::SeqCst), commits + 1);
        let rows = world.store.rows();
        let entry = rows.audit.last().unwrap();
        assert_eq!(entry.action, "password.reset", "{who}");
        assert!(
            entry.detail.ends_with(", from 10.0.0.1"),
            "{who}: {}",
            entry.detail
        );
        assert!(
            !entry.detail.contains("provider"),
            "what was typed is not written down"
        );
    }
    let mails = world.store.rows().mails;
    assert_eq!(mails.len(), before + 1, "one of them gets a mail");
    assert_eq!(mails.last().unwrap().to, Recipient::User(world.ada));
}

/// However often is asked, and from wherever, three mails an hour are the most.
#[test]
fn bug21_three_mails_an_hour_are_the_most() {
    let world = world();
    let mut posted = Vec::new();
    for minute in 0..300 {
        let now = T0.after(minutes(minute));
        let from = Source::new(&format!("10.0.{minute}.1"));
        let before = world.store.rows().mails.len();
        let asked = world
            .credentials
            .request_reset(&world.store, "ada", &from, now);
        assert_eq!(asked.unwrap(), Ok(()));
        posted.extend((world.store.rows().mails.len() > before).then_some(minute));
    }
    for from in &posted {
        let hour = posted.iter().filter(|at| (*from..from + 60).contains(*at));
        assert!(hour.count() <= 3, "{posted:?}");
    }
    assert!(
        posted.starts_with(&[0, 1]) && posted.len() >= 10,
        "{posted:?}"
    );
}

/// A mail holds nothing that opens anything, goes to a user, and never to what was typed.
#[test]
fn bug22_bug23_a_mail_goes_to_the_stored_address_alone() {
    let world = world();
    for typed in ["Ada", "ａｄａ", " ADA "] {
        ask(&world, typed, T0).unwrap();
    }
    for typed in [
        "ada, mallory",
        "ada;mallory@evil.example",
        "ada\nmallory",
        "[\"ada\",\"mallory\"]",
        "ada@provider.example",
        "аda",
        "ıda",
    ] {
        ask(&world, typed, T0).unwrap();
    }
    let mails = world.store.rows().mails;
    assert_eq!(mails.len(), 2, "three spellings of one name, two at once");
    for mail in &mails {
        assert_eq!(mail.to, Recipient::User(world.ada));
        assert!(mail.sealed.is_none());
    }
    assert!(
        world.store.rows().tokens.is_empty(),
        "nothing opens anything before it is sent"
    );
}

#[test]
fn bug24_a_link_stands_on_the_address_of_the_configuration() {
    let world = world();
    ask(&world, "ada", T0).unwrap();
    let link = link(&world, &mail(&world).unwrap(), T0).unwrap();
    assert_eq!(link.expires_at(), T0.after(minutes(30)));
    let secret_of_it = tail(&link);
    assert_eq!(secret_of_it.expose().len(), 43);
    assert_eq!(format!("{link:?}"), "Link(..)");
    let rows = world.store.rows();
    assert!(
        !format!("{:?}{:?}{:?}", rows.audit, rows.mails, rows.tokens)
            .contains(secret_of_it.expose())
    );
    let invite = |tx: &mut crate::store::Rows| world.credentials.invite(tx, world.ada, &by(), T0);
    let invitation = world.store.write(invite).unwrap();
    let invited = world.credentials.invitation_link(&invitation).unwrap();
    let address = format!(
        "https://portal.example/app/invitation/{}",
        invitation.secret.expose()
    );
    assert_eq!(invited.expose(), address);

    let bare = world_with(CredentialSettings::default());
    let asked = bare
        .credentials
        .request_reset(&bare.store, "nobody", &bare.source, T0);
    assert!(matches!(asked, Err(CredentialError::NoBaseAddress)));
    let none = bare.credentials.invitation_link(&invitation);
    assert!(matches!(none, Err(CredentialError::NoBaseAddress)));
    let mail = mail(&world).unwrap();
    let mail = Mail {
        to: Recipient::User(bare.ada),
        ..mail
    };
    let none = bare
        .store
        .write(|tx| bare.credentials.reset_link(tx, &mail, T0));
    assert!(matches!(none, Err(CredentialError::NoBaseAddress)));
    assert!(
        bare.store.rows().tokens.is_empty(),
        "nor is one left behind"
    );
}

#[test]
fn bug24_a_policy_takes_no_base_address_that_is_none() {
    for (base, works) in [
        ("https://portal.example", true),
        ("http://portal.example", false),
    ] {
        let settings = CredentialSettings {
            base_address: Some(base.to_owned()),
            ..CredentialSettings::default()
        };
        let policy = CredentialPolicy::new(settings);
        assert_eq!(policy.is_ok(), works, "{base}");
    }
}
