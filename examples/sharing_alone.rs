//! Access and sharing without our credentials: the host's own single sign-on says who people are.
//!
//! The store has no account tables in use; `Principal::vouched_by` names the voucher in every audit
//! entry, and `load_sight` takes the standing that the sign-on answers.
#![expect(clippy::print_stdout, reason = "a program that shows something")]

use portcullis_access::command::{client, contact, portal, role, user};
use portcullis_access::{
    AccessProfile, AccessRules, Catalogue, ContainerKind, Kind, Principal, UserKind,
};
use portcullis_id::{Entropy, EntropyError, HostKey, Standing, Timestamp};
use portcullis_ledger::StoreExt;
use portcullis_memory::{Store, Tx};
use portcullis_sharing::command::{container, item, member};
use portcullis_sharing::{
    DefaultExposure, Exposure, Located, Seen, SharingAct, SharingProfile, SharingRules, explain,
    load_sight, locate, page,
};
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// Numbers instead of randomness, so that the program prints the same every time. A host hands in
/// its operating system's generator.
struct Numbers(AtomicU64);

impl Entropy for Numbers {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        let number = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        for (byte, digit) in bytes.iter_mut().rev().zip(number.iter().rev()) {
            *byte = *digit;
        }
        Ok(())
    }
}

struct Rules {
    access: AccessRules,
    sharing: SharingRules,
    entropy: Numbers,
}

fn main() -> Result<(), Box<dyn Error>> {
    let access = AccessRules::new(
        AccessProfile {
            starts_active: true,
            ..AccessProfile::closed()
        },
        Catalogue::built_in(),
    )?;
    let mut profile = SharingProfile::closed();
    profile
        .containers
        .insert(ContainerKind::Project, DefaultExposure::Shown);
    let rules = Rules {
        sharing: SharingRules::new(profile, access.catalogue())?,
        access,
        entropy: Numbers(AtomicU64::new(1)),
    };
    let store = Store::new();

    let setup = Principal::operator("setup");
    let bob = store.write(|tx| {
        let act = begin(tx, &rules, &setup)?;
        portal::found(tx, &act)?;
        let acme = client::add(
            tx,
            &act,
            client::NewClient {
                name: "ACME".into(),
                key: None,
            },
        )?;
        let bob = contact::add(
            tx,
            &act,
            acme,
            contact::NewContact {
                name: "Bob".into(),
                ..Default::default()
            },
        )?;
        let login = user::add_client_user(
            tx,
            &act,
            user::NewClientUser {
                kind: UserKind::Client,
                client: acme,
                contact: Some(bob),
                name: "Bob".into(),
                email: None,
                rights: Vec::new(),
                key: Some(HostKey::from("sso|bob")),
            },
        )?;
        let reader = role::add(tx, &act, "Reader", vec!["documents.view".into()])?;
        role::give(tx, &act, login, None, &[reader])?;
        let website = container::add(
            tx,
            &act,
            container::NewContainer {
                kind: ContainerKind::Project,
                client: Some(acme),
                name: "Website".into(),
                key: None,
            },
        )?;
        member::add_contact(tx, &act, website, bob, None)?;
        for (key, exposure) in [("plan", Exposure::Shown), ("margins", Exposure::Inherit)] {
            let new = item::NewItem {
                kind: Kind::DOCUMENT,
                key: HostKey::from(key),
                place: item::Place::In(website),
                sort: None,
            };
            let id = item::place(tx, &act, new)?;
            item::set_exposure(tx, &act, id, exposure)?;
        }
        Ok::<_, portcullis_access::Error>(login)
    })?;

    // A request: the sign-on said "sso|bob", and that he is in good standing.
    store.read(|tx| {
        let standing = Standing::USABLE;
        let Some(viewer) = load_sight(tx, bob, standing, &rules.access, &rules.sharing, NOW)?
        else {
            return Err(portcullis_access::Error::hidden(None));
        };
        let catalogue = rules.access.catalogue();
        let shown = page(tx, &viewer, catalogue, Kind::DOCUMENT, None, 50, NOW)?;
        for row in &shown.rows {
            print_line(row);
        }
        for key in ["plan", "margins"] {
            if let Some(located) = locate(tx, &viewer, catalogue, Kind::DOCUMENT, key.into())? {
                let view = portcullis_access::Verb::View;
                println!(
                    "{key}: {}",
                    explain(&viewer, view, located.facts(), catalogue, NOW)
                );
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// Takes what was checked, and so cannot be called without the check.
fn print_line(row: &Seen<Located>) {
    println!("Bob sees the document `{}`", Located::key(row));
}

fn begin<'a>(
    tx: &mut Tx,
    rules: &'a Rules,
    principal: &'a Principal,
) -> Result<SharingAct<'a>, portcullis_access::Error> {
    SharingAct::begin(
        tx,
        principal,
        Standing::USABLE,
        &rules.access,
        &rules.sharing,
        NOW,
        &rules.entropy,
    )
}
