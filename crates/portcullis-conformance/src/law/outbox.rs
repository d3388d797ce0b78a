//! The outbox: what waits in it is what was posted, and each mail goes to one sender, once.

use super::attempts::Accounts;
use crate::{CredentialHarness, Draws, NOW};
use portcullis::credentials::{
    Administrators, CredentialPolicy, CredentialSettings, Credentials, Enclosed, Enclosure,
    FirstPassword, InvitationPayload, KeyRing, Lock, LoginName, NewAccount, PasswordSetBy,
    SecretString,
};
use portcullis::id::{ContainerId, ItemId, MailId, UserId, hours};
use portcullis::ledger::{Actor, Ledger, Mail, Recipient, SealedText, StoreError, StoreExt};
use secrecy::ExposeSecret;
use std::slice::from_ref;
use std::sync::Arc;

/// In the order of their commits, with the secret that one carries sealed; and a mail that is rolled
/// back was never there.
pub fn a_mail_waits_as_it_was_posted<H: CredentialHarness>() {
    let (store, draws) = (H::fresh(), Draws::seeded(7));
    let plain = mail(&draws);
    let about = Mail {
        // A clock that went back changes no order.
        at: NOW.before(hours(1)),
        item: Some(ItemId::new(NOW, &draws).unwrap()),
        container: Some(ContainerId::new(NOW, &draws).unwrap()),
        ..mail(&draws)
    };
    let sealed = Mail {
        sealed: Some(SealedText::from_stored("x1$key$ the secret, 'sealed' ?")),
        ..mail(&draws)
    };
    let posted = [plain, about, sealed];
    for mail in &posted {
        store.write(|tx| tx.post(mail)).unwrap();
    }
    let undone = store.write(|tx| {
        tx.post(&mail(&draws))?;
        let taken = tx.take_mail(posted[0].id)?;
        assert!(taken.is_some());
        Err::<(), _>(StoreError::corrupt("changed my mind"))
    });
    assert!(undone.is_err());
    assert_eq!(store.read(|tx| tx.outbox(9)).unwrap(), posted);
    assert_eq!(store.read(|tx| tx.outbox(2)).unwrap(), posted[..2]);
    for mail in &posted {
        let taken = store.write(|tx| tx.take_mail(mail.id)).unwrap();
        assert_eq!(taken.as_ref(), Some(mail));
    }
    assert_eq!(store.read(|tx| tx.outbox(9)).unwrap(), []);
}

/// Of any number who take one mail at once, one gets it, and it is gone with its secret (choice 15).
/// What was not sent can be put back.
pub fn choice15_a_mail_is_taken_by_one<H: CredentialHarness>() {
    let (store, draws) = (H::fresh(), Draws::seeded(8));
    let (wanted, other) = (mail(&draws), mail(&draws));
    for mail in [&wanted, &other] {
        store.write(|tx| tx.post(mail)).unwrap();
    }
    let take = || store.write(|tx| tx.take_mail(wanted.id)).unwrap();
    let taken: Vec<Mail> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..8).map(|_| scope.spawn(take)).collect();
        let results = senders.into_iter().map(|sender| sender.join().unwrap());
        results.flatten().collect()
    });
    assert_eq!(taken, from_ref(&wanted));
    assert_eq!(take(), None, "it was sent twice");
    let left = store.read(|tx| tx.outbox(9)).unwrap();
    assert_eq!(left, from_ref(&other));
    store.write(|tx| tx.post(&wanted)).unwrap();
    let left = store.read(|tx| tx.outbox(9)).unwrap();
    assert_eq!(left, [other, wanted]);
    let nobody = MailId::new(NOW, &draws).unwrap();
    assert_eq!(store.write(|tx| tx.take_mail(nobody)).unwrap(), None);
}

/// A password that is made up waits sealed, opens for whoever takes its mail, and lets its user in; of
/// who is gone meanwhile nothing opens (D33, D55, choice 15).
pub fn d33_d55_choice15_a_mailed_password_lets_in_and_is_kept_nowhere<H: CredentialHarness>() {
    let store = H::fresh();
    let settings = CredentialSettings {
        password_set_by: PasswordSetBy::Generated,
        invitation_payload: InvitationPayload::Credentials,
        ..CredentialSettings::default()
    };
    let mut accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let policy = CredentialPolicy::new(settings).unwrap();
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let ring = KeyRing::new("conformance", &key).unwrap();
    accounts.credentials = Credentials::new(
        policy,
        Administrators::none(),
        accounts.kdf.clone(),
        accounts.draws.clone(),
    )
    .unwrap()
    .with_key_ring(Arc::new(ring));
    let credentials = &accounts.credentials;
    let by = Actor::Operator("conformance".to_owned());
    let [ada, bob] = ["ada", "bob"].map(|name| {
        let user = UserId::new(NOW, &*accounts.draws).unwrap();
        let new = NewAccount {
            user,
            name: LoginName::parse(name).unwrap(),
            password: FirstPassword::ToBeSet,
            expiry: None,
        };
        accounts.write(|tx| credentials.create_account(tx, new, &by, NOW));
        user
    });
    let invite = |user| {
        let made_up = credentials.generate_password().unwrap().unwrap();
        let letter = Enclosure::Password(made_up);
        accounts.write(|tx| credentials.mail_invitation(tx, user, letter, None, &by, NOW))
    };
    let (adas, bobs) = (invite(ada), invite(bob));
    let waiting = accounts.read(|tx| tx.outbox(9));
    assert!(waiting.iter().all(|mail| mail.sealed.is_some()));
    accounts.write(|tx| credentials.remove_account(tx, bob, &by, NOW));
    let open = |mail| {
        accounts.write(|tx| {
            let taken = tx.take_mail(mail)?.unwrap();
            credentials.open_mail(tx, &taken, &by, NOW)
        })
    };
    let Some(Enclosed::Password(password)) = open(adas) else {
        panic!("no password");
    };
    assert_eq!(
        accounts.attempt("ada", password.expose_secret(), NOW),
        Ok(ada)
    );
    assert!(open(bobs).is_none(), "who is gone is mailed");
    assert_eq!(accounts.read(|tx| tx.outbox(9)), []);
    let told = format!("{waiting:?} {:?}", accounts.read(|tx| tx.audit(99)));
    assert!(!told.contains(password.expose_secret()));
    let kept = waiting.iter().filter_map(|mail| mail.sealed.as_ref());
    for sealed in kept {
        assert!(!sealed.text().contains(password.expose_secret()));
        assert!(!told.contains(sealed.text()));
    }
}

fn mail(draws: &Draws) -> Mail {
    Mail {
        id: MailId::new(NOW, draws).unwrap(),
        at: NOW,
        to: Recipient::User(UserId::new(NOW, draws).unwrap()),
        event: "password.set".to_owned(),
        item: None,
        container: None,
        sealed: None,
    }
}
