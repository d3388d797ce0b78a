//! A change of keys while mails wait, and mails that do not open.

use crate::world::{World, mailing, over};
use portcullis::credentials::{
    Enclosed, InvitationTrigger, KeyRing, PasswordSetBy, SealedIn, SecretString,
};
use portcullis::desk::FirstLogin;
use portcullis::ledger::{Mode, Store, StoreError};
use portcullis::{ErrorKind, PortalBuilder};
use portcullis_memory::{Store as Memory, Tx};
use std::sync::Arc;

/// One database, and the portals of several programs over it.
#[derive(Clone)]
struct Shared(Arc<Memory>);

impl Store for Shared {
    type Tx = Tx;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.0.with_tx(mode, work)
    }
}

fn made_up() -> portcullis::PortalProfile {
    mailing(InvitationTrigger::OnCreate, PasswordSetBy::Generated)
}

fn new_ring() -> KeyRing {
    let key = SecretString::from("HxAeHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE=");
    KeyRing::new("2027-05", &key).expect("a key")
}

fn both() -> KeyRing {
    let old = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    new_ring().opening("2026-11", &old).expect("a key")
}

/// The program is started anew with another ring.
fn restarted(world: &World<Shared>, ring: KeyRing) -> World<Shared> {
    let portal = PortalBuilder::new(made_up()).key_ring(Arc::new(ring));
    World {
        portal: portal.open(world.portal.store().clone()).expect("it works"),
        acme: world.acme,
    }
}

#[test]
fn choice15_a_mail_that_waits_outlives_a_change_of_keys() {
    let before = over(Shared(Arc::new(Memory::new())), made_up());
    let desk = before.desk();
    before.bob(&desk, FirstLogin::Invited);
    let waiting = before.waiting();
    let world = restarted(&before, both());
    let outcome = world.desk().reseal().expect("an operator may");
    assert!(outcome.old_keys_may_leave());
    assert_eq!((outcome.resealed(), outcome.unopened()), (1, [].as_slice()));
    let world = restarted(&world, new_ring());
    let letter = world.letter();
    assert_eq!(letter.mail.id, waiting[0].id);
    let Enclosed::Password(password) = &letter.enclosed else {
        panic!("no password");
    };
    let bob = world.enter("bob", password);
    let refused = world.portal.acting(&bob).reseal().expect_err("no operator");
    assert_eq!(refused.kind(), ErrorKind::Refused);
}

/// Whoever had taken it before the change puts it back under the key that seals now.
#[test]
fn choice15_a_mail_that_is_put_back_after_a_change_of_keys_needs_the_new_one_alone() {
    let before = over(Shared(Arc::new(Memory::new())), made_up());
    before.bob(&before.desk(), FirstLogin::Invited);
    let world = restarted(&before, both());
    let letter = world.letter();
    assert_eq!(world.desk().reseal().expect("no fault").resealed(), 0);
    world.desk().mails().put_back(letter).expect("no fault");
    let world = restarted(&world, new_ring());
    assert!(matches!(world.letter().enclosed, Enclosed::Password(_)));
}

#[test]
fn choice15_a_mail_that_does_not_open_stays_and_stops_no_other() {
    let before = over(Shared(Arc::new(Memory::new())), made_up());
    let desk = before.desk();
    before.bob(&desk, FirstLogin::Invited);
    let world = restarted(&before, new_ring());
    let sealed = world.waiting()[0].id;
    let fault = world.desk().mails().take(sealed).expect_err("no key");
    assert_eq!(fault.kind(), ErrorKind::Fault);
    assert!(format!("{fault:?}").contains("2026-11"));
    assert_eq!(world.waiting().len(), 1, "it stays");
    let outcome = world.desk().reseal().expect("no fault");
    assert!(!outcome.old_keys_may_leave());
    let places: Vec<_> = outcome.unopened().iter().map(|one| one.place).collect();
    assert_eq!(places, [SealedIn::Mail(sealed)]);
    assert!(
        world
            .desk()
            .mails()
            .discard(sealed)
            .expect("an operator may")
    );
    assert!(
        !world
            .desk()
            .mails()
            .discard(sealed)
            .expect("an operator may")
    );
    assert!(world.waiting().is_empty());
    assert!(
        world
            .desk()
            .reseal()
            .expect("no fault")
            .old_keys_may_leave()
    );
}
