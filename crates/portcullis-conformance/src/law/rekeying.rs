//! A change of keys: when the old one may leave the ring, nothing lies under it.

use crate::{CountingKdf, CredentialHarness, Draws, NOW};
use portcullis::credentials::{
    Accounts, Administrators, CredentialPolicy, CredentialSettings, Credentials, Enclosure,
    FirstPassword, FormerPassword, FormerPasswords, InvitationPayload, KeyRing, KeyRingError,
    LoginName, NewAccount, PasswordHash, PasswordSetBy, Resealed, SealedIn, Unopened,
};
use portcullis::id::{MailId, UserId};
use portcullis::ledger::{Actor, Ledger, Mail, Recipient, SealedText, StoreError, StoreExt};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

const BEFORE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const AFTER: &str = "HxAeHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE=";

/// Those that carry a secret, each once, by pages; one is sealed anew where it carries what it is
/// thought to, and stays where it is in the order of the outbox.
pub fn choice15_mails_that_carry_a_secret_are_sealed_anew<H: CredentialHarness>() {
    let (store, draws) = (H::fresh(), Draws::seeded(21));
    let sealed = |text: &str| Some(SealedText::from_stored(text));
    let posted: Vec<Mail> = ["one", "", "two", "three"]
        .into_iter()
        .map(|text| Mail {
            id: MailId::new(NOW, &draws).unwrap(),
            at: NOW,
            to: Recipient::User(UserId::new(NOW, &draws).unwrap()),
            event: "password.set".to_owned(),
            item: None,
            container: None,
            sealed: sealed(text).filter(|_| !text.is_empty()),
        })
        .collect();
    for mail in &posted {
        store.write(|tx| tx.post(mail)).unwrap();
    }
    let mut carrying = vec![&posted[0], &posted[2], &posted[3]];
    carrying.sort_by_key(|mail| mail.id);
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = store.read(|tx| tx.sealed_mails_after(after, 2)).unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 2 && found.len() < 9);
        after = Some(last.id);
        found.extend(page);
    }
    assert_eq!(found.iter().collect::<Vec<_>>(), carrying);
    let reseal = |mail: &Mail, old: &str, new: &str| {
        let (old, new) = (SealedText::from_stored(old), SealedText::from_stored(new));
        store
            .write(|tx| tx.reseal_mail(mail.id, &old, &new))
            .unwrap()
    };
    assert!(!reseal(&posted[2], "Two", "new"), "compared to the letter");
    assert!(!reseal(&posted[1], "", "new"), "it carries nothing");
    assert!(reseal(&posted[2], "two", "new"));
    assert!(!reseal(&posted[2], "two", "newer"), "it was replaced");
    let mut left = posted.clone();
    left[2].sealed = sealed("new");
    assert_eq!(store.read(|tx| tx.outbox(9)).unwrap(), left);
}

/// Everything that lies sealed is sealed anew, beside somebody who sets a password at that moment and
/// whose history keeps the hash they have read; and what a ring cannot open it names.
pub fn k06_when_the_old_key_may_leave_nothing_lies_under_it<H: CredentialHarness>() {
    let (store, draws) = (H::fresh(), Arc::new(Draws::seeded(22)));
    let old = rules(KeyRing::new("old", &BEFORE.into()), &draws);
    let (ada, bob) = (
        add(&old, &store, &draws, "ada"),
        add(&old, &store, &draws, "bob"),
    );
    let made_up = old.generate_password().unwrap().unwrap();
    let mail = store
        .write(|tx| old.mail_invitation(tx, bob, Enclosure::Password(made_up), None, &by(), NOW));
    let mail = mail.unwrap();
    let both = KeyRing::new("new", &AFTER.into());
    let both = rules(
        both.and_then(|ring| ring.opening("old", &BEFORE.into())),
        &draws,
    );
    let next = PasswordHash::from_phc(CountingKdf::hash_of("the password after that"));
    let next = both.seal_hash(ada, &next).unwrap();
    let (done, when_done) = channel();
    let outcome = std::thread::scope(|scope| {
        let (both, store) = (&both, &store);
        let resealing = store.write(|tx| {
            let account = tx.account(ada)?.unwrap();
            let resealing = scope.spawn(move || {
                let outcome = both.reseal(store, &by(), NOW);
                let _ = done.send(());
                outcome.unwrap()
            });
            // What was read stays what is there: no look passes by in between.
            let passed = when_done.recv_timeout(Duration::from_millis(300));
            assert!(passed.is_err(), "it did not wait for its turn");
            assert!(tx.set_password(ada, account.epoch, &next, false)?);
            tx.add_former_password(&FormerPassword {
                user: ada,
                password: account.password.unwrap(),
                replaced_at: NOW,
            })?;
            Ok::<_, StoreError>(resealing)
        });
        resealing.unwrap().join().unwrap()
    });
    assert!(outcome.old_keys_may_leave(), "{outcome:?}");
    assert_eq!(outcome.unopened(), []);
    assert_eq!(outcome.resealed(), 4, "a hash, two former ones, a mail");

    let new = rules(KeyRing::new("new", &AFTER.into()), &draws);
    let look = |rules: &Credentials| rules.reseal(&store, &by(), NOW).unwrap();
    assert!(look(&new).old_keys_may_leave() && look(&new).resealed() == 0);
    let former = store.read(|tx| tx.former_passwords(ada, 9)).unwrap();
    assert!(new.open_hash(ada, &former[0].password).is_ok());
    let outcome = look(&rules(KeyRing::new("third", &BEFORE.into()), &draws));
    assert_eq!(lacking(&outcome, "new"), 5);
    assert!(places(&outcome).contains(&SealedIn::Mail(mail)));
    assert!(!outcome.old_keys_may_leave(), "the ring lacks a key");
    let opened = store.write(|tx| {
        let taken = tx.take_mail(mail)?.unwrap();
        new.open_mail(tx, &taken, &by(), NOW)
    });
    assert!(opened.unwrap().is_some());
}

fn lacking(outcome: &Resealed, key: &str) -> usize {
    let lacks = |one: &&Unopened| one.why == KeyRingError::Unknown(key.to_owned());
    outcome.unopened().iter().filter(lacks).count()
}

fn places(outcome: &Resealed) -> Vec<SealedIn> {
    outcome.unopened().iter().map(|one| one.place).collect()
}

fn by() -> Actor {
    Actor::Operator("conformance".to_owned())
}

fn rules(ring: Result<KeyRing, KeyRingError>, draws: &Arc<Draws>) -> Credentials {
    let settings = CredentialSettings {
        password_set_by: PasswordSetBy::Generated,
        invitation_payload: InvitationPayload::Credentials,
        password_history: 3,
        seal_hashes: true,
        ..CredentialSettings::default()
    };
    let policy = CredentialPolicy::new(settings).unwrap();
    let kdf = Arc::new(CountingKdf::default());
    Credentials::new(policy, Administrators::none(), kdf, draws.clone())
        .unwrap()
        .with_key_ring(Arc::new(ring.unwrap()))
}

fn add<S>(rules: &Credentials, store: &S, draws: &Draws, name: &str) -> UserId
where
    S: portcullis::ledger::Store<Tx: portcullis::credentials::CredentialTx>,
{
    let user = UserId::new(NOW, draws).unwrap();
    let hash = PasswordHash::from_phc(CountingKdf::hash_of("the password before"));
    let new = NewAccount {
        user,
        name: LoginName::parse(name).unwrap(),
        password: FirstPassword::Imported {
            hash,
            change_due: false,
        },
        expiry: None,
    };
    let added = store.write(|tx| rules.create_account(tx, new, &by(), NOW));
    added.unwrap();
    user
}
