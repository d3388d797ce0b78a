//! Roles, users with their affiliations and accounts, and who is let in where.

use super::{NOW, World};
use crate::{CountingKdf, Draws};
use portcullis::PortalProfile;
use portcullis::access::{ClientsPerUser, ContainerKind, ContainerKinds, RoleMode, UserKind};
use portcullis::file::{
    AccountPart, AffiliationPart, ClientPart, ContainerPart, ExpiryPart, MemberPart, PasswordPart,
    RolePart, UserPart,
};
use portcullis::id::{HostKey, Timestamp, days};
use portcullis::sharing::Source;
use std::num::NonZeroU32;

const PLURALS: [&str; 13] = [
    "milestones",
    "tasks",
    "updates",
    "documents",
    "comments",
    "issues",
    "invoices",
    "proposals",
    "dashboards",
    "reports",
    "times",
    "expenses",
    "drawings",
];
const EXTRAS: [&str; 6] = [
    "documents.download",
    "comments.create",
    "issues.create",
    "issues.edit",
    "payments.make",
    "times.approve",
];
const MANAGING: [&str; 3] = ["users.view", "users.manage", "members.manage"];
const RUNNING: [&str; 7] = [
    "clients.manage",
    "roles.manage",
    "containers.manage",
    "settings.manage",
    "portal.preview",
    "audit.read",
    "users.manage",
];

/// Names of the roles, in the order in which they are made.
const READER: &str = "reader";
const PAPERS: &str = "papers";
const MANAGER: &str = "manager";
const EDITOR: &str = "editor";

pub(super) fn roles() -> Vec<RolePart> {
    let views = || PLURALS.map(|plural| format!("{plural}.view")).to_vec();
    let shares = PLURALS.map(|plural| format!("{plural}.share"));
    let creates = PLURALS.map(|plural| format!("{plural}.create"));
    let deletes = PLURALS.map(|plural| format!("{plural}.delete"));
    let papers = [
        "documents.view",
        "comments.view",
        "invoices.view",
        "status.view",
    ];
    vec![
        role(READER, views()),
        role(PAPERS, owned(&papers)),
        role(
            MANAGER,
            [views(), owned(&MANAGING), owned(&EXTRAS)].concat(),
        ),
        role(
            EDITOR,
            [
                &views()[..],
                &shares,
                &creates,
                &deletes,
                &owned(&RUNNING),
                &owned(&MANAGING),
            ]
            .concat(),
        ),
    ]
}

/// Staff of all and of listed clients, users of clients, guests; some of each in no good standing.
pub(super) fn users(
    draws: &Draws,
    profile: &PortalProfile,
    clients: &[ClientPart],
) -> Vec<UserPart> {
    let mut users = vec![
        staff("admin", true, &[EDITOR]),
        staff("auditor", true, &[READER]),
        staff("agent", false, &[READER]),
        staff("partner", false, &[EDITOR]),
    ];
    for user in &mut users[2..] {
        for client in clients.iter().take(2) {
            user.affiliations.push(affiliation(client));
        }
        user.reach = ContainerKinds::NONE
            .with(ContainerKind::Root)
            .with(ContainerKind::Project);
    }
    for (client, at) in clients.iter().enumerate() {
        for n in 0..5 {
            let kind = if n == 4 {
                UserKind::Guest
            } else {
                UserKind::Client
            };
            let mut user = person(draws, kind, format!("user-{client}-{n}"), Some(at));
            user.contact = at.contacts.get(n).map(|contact| contact.key.clone());
            doors(draws, profile, &mut user, client, clients);
            // The first of each client is in good standing and manages: laws need somebody.
            if n == 0 {
                user.roles = vec![MANAGER.to_owned()];
                user.removed = false;
            } else {
                user.account = account(draws, &user.key);
            }
            users.push(user);
        }
    }
    for user in &mut users {
        if user.removed {
            user.account = None;
        }
        if profile.access.roles == RoleMode::Fixed && user.kind != UserKind::Staff {
            user.roles.clear();
            user.rights.clear();
        }
    }
    users
}

/// Members of containers, some of them of a client that does not let them in; authors and
/// recipients of items.
pub(super) fn let_in(draws: &Draws, clients: &mut [ClientPart], users: &mut [UserPart]) {
    for client in clients {
        let here: Vec<_> = users
            .iter()
            .filter(|user| user.affiliations.iter().any(|at| at.client == client.key))
            .map(|user| (user.key.clone(), user.kind))
            .collect();
        let all: Vec<_> = users
            .iter()
            .map(|user| (user.key.clone(), user.kind))
            .collect();
        for container in &mut client.containers {
            members(draws, container, &here, &all);
            for item in &mut container.items {
                let (user, kind) = draws.pick(&here).clone();
                if item.kind == "issue" && kind != UserKind::Staff && draws.percent(40) {
                    item.author = Some(user);
                } else if draws.percent(8) {
                    item.sent_to.push(user);
                }
            }
        }
    }
}

fn members(
    draws: &Draws,
    container: &mut ContainerPart,
    here: &[(HostKey, UserKind)],
    all: &[(HostKey, UserKind)],
) {
    let crowded = matches!(&container.key, HostKey::Text(key) if key.starts_with("old-"));
    for (n, (user, kind)) in all.iter().enumerate() {
        let affiliated = here.iter().any(|(known, _)| known == user);
        let chance = match (crowded, affiliated) {
            // One user of the first client is a member of all its old tickets.
            (true, _) => {
                if n == 5 {
                    100
                } else {
                    0
                }
            }
            (false, true) => 70,
            // The lock holds whoever was let in.
            (false, false) => 10,
        };
        if !draws.percent(chance) {
            continue;
        }
        container.members.push(MemberPart {
            user: user.clone(),
            source: match kind {
                UserKind::Staff => Source::Staff,
                UserKind::Client => Source::Member,
                UserKind::Guest => Source::Guest,
            },
            until: if crowded { None } else { end(draws, 12) },
            approver: draws.percent(20),
            since: NOW.before(days(90)),
        });
    }
}

/// The affiliations of one user: their own client, and where the profile allows it more.
fn doors(
    draws: &Draws,
    profile: &PortalProfile,
    user: &mut UserPart,
    own: usize,
    clients: &[ClientPart],
) {
    let one = profile.access.clients_per_user == ClientsPerUser::One;
    let fixed = profile.access.roles == RoleMode::Fixed;
    for (n, client) in clients.iter().enumerate() {
        if n != own && (one || !draws.percent(75)) {
            continue;
        }
        let mut door = affiliation(client);
        if !fixed && draws.percent(70) {
            door.roles = vec![(*draws.pick(&[READER, READER, PAPERS])).to_owned()];
        }
        if !fixed {
            door.rights = draws.some(&owned(&EXTRAS), 20);
            // Which those who manage users at this client do not hold.
            door.rights
                .extend(draws.some(&owned(&["expenses.approve"]), 30));
        }
        if n != own || user.roles.is_empty() {
            door.paused = draws.percent(8);
            door.until = end(draws, 10);
        }
        user.affiliations.push(door);
    }
}

fn person(draws: &Draws, kind: UserKind, key: String, at: Option<&ClientPart>) -> UserPart {
    let views = PLURALS.map(|plural| format!("{plural}.view"));
    let key = HostKey::Text(key);
    UserPart {
        kind,
        name: format!("The {key}"),
        email: at.map(|_| format!("{key}@people.example")),
        contact: None,
        every_client: false,
        reach: draws
            .some(&ContainerKind::ALL, 60)
            .into_iter()
            .collect::<ContainerKinds>()
            .with(ContainerKind::Root),
        rights: draws.some(&views, 50),
        roles: if draws.percent(50) {
            vec![READER.to_owned()]
        } else {
            Vec::new()
        },
        removed: draws.percent(3),
        created_at: NOW.before(days(250)),
        affiliations: Vec::new(),
        account: Some(good_account(&key)),
        key,
    }
}

fn staff(key: &str, every_client: bool, roles: &[&str]) -> UserPart {
    let key = HostKey::from(key);
    UserPart {
        kind: UserKind::Staff,
        name: format!("Staff {key}"),
        email: Some(format!("{key}@provider.example")),
        contact: None,
        every_client,
        reach: ContainerKinds::ALL,
        rights: vec!["drawings.view".to_owned()],
        roles: owned(roles),
        removed: false,
        created_at: NOW.before(days(400)),
        affiliations: Vec::new(),
        account: Some(good_account(&key)),
        key,
    }
}

fn affiliation(client: &ClientPart) -> AffiliationPart {
    AffiliationPart {
        client: client.key.clone(),
        rights: Vec::new(),
        roles: Vec::new(),
        paused: false,
        until: None,
    }
}

fn good_account(user: &HostKey) -> AccountPart {
    AccountPart {
        login: format!("{user}@login.example"),
        password: PasswordPart::Hash(CountingKdf::hash_of(&World::password(user))),
        second_factor: false,
        change_due: false,
        suspended_at: None,
        disabled_at: None,
        expiry: None,
        locked_until: None,
        created_at: NOW.before(days(250)),
    }
}

/// An account in any of the states there are; most of them good.
fn account(draws: &Draws, user: &HostKey) -> Option<AccountPart> {
    let mut account = good_account(user);
    match draws.below(50) {
        0 => account.password = PasswordPart::ToBeSet,
        1 => account.change_due = true,
        2 => account.suspended_at = Some(NOW.before(days(3))),
        3 => account.disabled_at = Some(NOW.before(days(3))),
        4 => account.expiry = Some(expiry(NOW.before(days(1)))),
        5..=7 => account.expiry = Some(expiry(NOW.after(days(1)))),
        8 => account.locked_until = Some(Timestamp::MAX),
        9 => return None,
        _ => {}
    }
    Some(account)
}

fn expiry(at: Timestamp) -> ExpiryPart {
    ExpiryPart {
        days: NonZeroU32::MIN,
        at,
    }
}

/// Mostly no end; else one that has passed, or one to come, at different times.
fn end(draws: &Draws, chance: usize) -> Option<Timestamp> {
    let span = days(u32::try_from(1 + draws.below(20)).unwrap());
    if draws.percent(chance) {
        Some(NOW.before(span))
    } else {
        draws.percent(chance).then(|| NOW.after(span))
    }
}

fn role(name: &str, rights: Vec<String>) -> RolePart {
    RolePart {
        name: name.to_owned(),
        rights,
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
