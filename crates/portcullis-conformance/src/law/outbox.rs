//! The outbox: what waits in it is what was posted, and each mail goes to one sender, once.

use crate::{CredentialHarness, Draws, NOW};
use portcullis::id::{ContainerId, ItemId, MailId, UserId, hours};
use portcullis::ledger::{Ledger, Mail, Recipient, SealedText, StoreError, StoreExt};
use std::slice::from_ref;

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
pub fn a_mail_is_taken_by_one<H: CredentialHarness>() {
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
