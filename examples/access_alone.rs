//! The access core alone: a service behind its company's single sign-on, with tables of its own.
//!
//! The host keeps people and clients where it likes and answers two ports: who is this person
//! (`Subjects`), and what does their account amount to (`Standings`, here the single sign-on). It
//! gets the client lock, rights and `may`, and filters its own list by the owner column. No
//! database driver and no sharing model comes along.
#![expect(clippy::print_stdout, reason = "a program that shows something")]

use portcullis_access::{
    AccessProfile, AccessRules, Answer, Catalogue, ContainerKinds, Kind, KindSet, Light,
    NamedRight, PortalState, Principal, Right, Standings, Subject, SubjectAffiliation, Subjects,
    UserKind, Verb, load_viewer, may, reached,
};
use portcullis_id::{ClientId, Standing, Timestamp, UserId};
use portcullis_ledger::{Revision, StoreError};
use std::collections::HashMap;
use std::error::Error;
use uuid::Uuid;

/// A right of this host's own, beside those of the catalogue.
const ORDER: NamedRight = NamedRight::host::<0>();

/// The host's own world: its people, its documents.
struct Host {
    people: HashMap<UserId, (UserKind, Vec<SubjectAffiliation>)>,
    signed_on: Vec<UserId>,
    documents: Vec<(&'static str, ClientId)>,
}

impl Subjects for Host {
    fn subject(
        &mut self,
        user: UserId,
    ) -> Result<Option<(Subject, Vec<SubjectAffiliation>)>, StoreError> {
        let Some((kind, at)) = self.people.get(&user) else {
            return Ok(None);
        };
        let subject = Subject {
            user,
            kind: *kind,
            removed: false,
            every_client: *kind == UserKind::Staff,
            reach: ContainerKinds::NONE,
            rights: match kind {
                UserKind::Staff => vec!["documents.view".to_owned()],
                _ => Vec::new(),
            },
            portal: PortalState {
                active: true,
                first_activated_at: None,
                licensed: ContainerKinds::ALL,
            },
            revision: Revision::default(),
        };
        Ok(Some((subject, at.clone())))
    }
}

impl Standings for Host {
    fn standing(&mut self, user: UserId) -> Result<Standing, StoreError> {
        Ok(if self.signed_on.contains(&user) {
            Standing::USABLE
        } else {
            Standing::ABSENT
        })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let now = Timestamp::from_millis(1_790_000_000_000);
    let catalogue = Catalogue::built_in().with_right(ORDER, "orders.place")?;
    let rules = AccessRules::new(AccessProfile::closed(), catalogue)?;

    let (acme, birch) = (client(1), client(2));
    let (ada, bob, eve) = (user(1), user(2), user(3));
    let mut host = Host {
        people: HashMap::from([
            (ada, (UserKind::Staff, vec![])),
            (
                bob,
                (
                    UserKind::Client,
                    vec![at(acme, &["documents.view", "orders.place"])],
                ),
            ),
            (
                eve,
                (UserKind::Client, vec![at(birch, &["documents.view"])]),
            ),
        ]),
        signed_on: vec![ada, bob],
        documents: vec![
            ("floor plan", acme),
            ("offer", acme),
            ("secret recipe", birch),
        ],
    };

    let view = Right::On(Verb::View, Kind::DOCUMENT);
    for (name, id) in [("Ada", ada), ("Bob", bob), ("Eve", eve)] {
        let principal = Principal::vouched_by("the company's sign-on", id);
        let standing = host.standing(id)?;
        let viewer = load_viewer(&mut host, id, standing, &rules, now)?
            .ok_or("the sign-on vouched for somebody the host does not know")?;
        println!("{name}, {}:", principal.actor());
        for (client, id) in [("ACME", acme), ("Birch", birch)] {
            let answers = [("view documents", view), ("place orders", ORDER.into())];
            for (what, right) in answers {
                match may(&viewer, right, Some(id), now) {
                    Answer::Allow => println!("  may {what} for {client}"),
                    Answer::Deny(deny) => println!("  may not {what} for {client}: {}", deny.gate),
                }
            }
        }
        let owners = reached(&viewer, view, now);
        let listed = host
            .documents
            .iter()
            .filter(|(_, owner)| owners.holds(Some(*owner)));
        let titles: Vec<_> = listed.map(|(title, _)| *title).collect();
        println!("  documents: {titles:?}");
    }
    Ok(())
}

fn at(client: ClientId, rights: &[&str]) -> SubjectAffiliation {
    SubjectAffiliation {
        client,
        light: Light::Active,
        closed: KindSet::NONE,
        paused: false,
        until: None,
        rights: rights.iter().map(|right| (*right).to_owned()).collect(),
    }
}

fn client(n: u128) -> ClientId {
    ClientId::from_uuid(Uuid::from_u128(n))
}

fn user(n: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(n))
}
