//! Names that are taken, and addresses that are one's own.

use crate::world::{linking, login, world};
use portcullis::access::{RightSet, UserKind, Users};
use portcullis::credentials::InvitationTrigger;
use portcullis::desk::{FirstLogin, GuestEntry};
use portcullis::ledger::StoreExt;
use portcullis::{Error, ErrorKind};

#[test]
fn choice16_a_taken_name_reads_the_same_whoever_has_it_and_is_audited() {
    let world = world(linking(InvitationTrigger::Manual));
    let desk = world.desk();
    let birch = desk.clients().add("Birch").expect("may");
    world.bob(&desk, FirstLogin::Invited);
    let gone = login("gone", FirstLogin::Invited);
    let (gone, _) = desk.add_staff(gone, true).expect("may");
    desk.accounts().disable(gone).expect("may");
    let project = desk.projects(birch).add("Website").expect("may");
    let contact = desk.contacts(birch).add("Ada", "ada@p.example");
    let contact = contact.expect("may");
    let entry = GuestEntry {
        email: "office@larch.example".to_owned(),
        login: Some("bob".to_owned()),
    };
    let again = |client, name| {
        let new = login(name, FirstLogin::Invited);
        desk.add_user(UserKind::Client, client, None, new).map(drop)
    };
    let refused: [Result<(), Error>; 7] = [
        again(world.acme, "bob"),
        again(birch, "bob"),
        again(birch, "BOB"),
        again(birch, "gone"),
        desk.add_staff(login(" Bob ", FirstLogin::Invited), false)
            .map(drop),
        desk.members(project).add(contact).map(drop),
        desk.clients().add_as_guest("Larch", None, &entry).map(drop),
    ];
    let count = refused.len();
    for refused in refused {
        let error = refused.expect_err("the name is taken");
        assert_eq!(error.kind(), ErrorKind::Invalid);
        let text = "this user name cannot be used; choose another one";
        assert_eq!(error.to_string(), text);
    }
    let audit = desk.audit(99).expect("may");
    let told = audit
        .iter()
        .filter(|entry| entry.action == "command.refused" && entry.detail.ends_with("name taken"));
    assert_eq!(told.count(), count, "each is in the audit");
}

#[test]
fn choice17_the_only_administrator_does_not_change_their_own_address_alone() {
    let world = world(linking(InvitationTrigger::OnCreate));
    let desk = world.desk();
    let first = StoreExt::read(world.portal.store(), Users::users).expect("no fault");
    let first = first.first().expect("founded").id;
    desk.accounts().mail_invitation(first).expect("may");
    let ada = world.follow(&world.letter());
    let own = world.portal.acting(&ada);
    for address in [Some("ada@elsewhere.example"), None] {
        let error = own.set_email(ada.user(), address).expect_err("alone");
        assert_eq!(error.kind(), ErrorKind::Refused);
    }
    let mut new = login("grace", FirstLogin::Invited);
    new.rights = world.portal.catalogue().describe(&RightSet::ALL);
    let (grace, _) = own.add_staff(new, true).expect("an administrator may");
    let letters = world.waiting();
    let hers = letters
        .iter()
        .find(|mail| mail.to == portcullis::ledger::Recipient::User(grace))
        .expect("it waits");
    let grace = world.follow(&world.take(hers.id).expect("to be sent"));
    let second = world.portal.acting(&grace);
    second
        .set_email(ada.user(), Some("ada@second.example"))
        .expect("a second administrator may");
    desk.set_email(ada.user(), Some("ada@operator.example"))
        .expect("the operator's tool may");
}
