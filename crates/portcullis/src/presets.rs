//! Profiles as values: `safe`, our default for new installations, and products to the letter.

use crate::PortalProfile;
use portcullis_access::{
    AccessProfile, ClientsPerUser, ContainerKind, ContainerKinds, HandOut, OwnField, RoleMode,
    UserKind,
};
use portcullis_credentials::{CredentialSettings, InvitationTrigger, Lock, PasswordSetBy};
use portcullis_sharing::{AtActivation, DefaultExposure, FieldRule, SharingProfile};
use std::collections::{BTreeMap, BTreeSet};

/// The preset of this name, as a portal file names it.
pub fn named(name: &str) -> Option<PortalProfile> {
    [safe(), psa_switches()]
        .into_iter()
        .find(|preset| preset.name == name)
}

/// The default for new installations (column `safe` of 7.3): the portal is off until switched on,
/// everything is hidden until shown, fields are an allow-list, client users reach what they were
/// let into, guests look only, and whoever manages users hands out only what they hold.
#[must_use]
pub fn safe() -> PortalProfile {
    PortalProfile {
        name: "safe".to_owned(),
        access: AccessProfile {
            starts_active: false,
            clients_per_user: ClientsPerUser::Many,
            roles: RoleMode::Assignable,
            hand_out: HandOut::WhatTheyHold,
            ceilings: BTreeMap::from([
                (UserKind::Client, names(CLIENT_CEILING)),
                (UserKind::Guest, names(&view_of(ALL_KINDS))),
            ]),
            base: BTreeMap::from([(UserKind::Guest, names(&view_of(ALL_KINDS)))]),
            reach: BTreeMap::from([(UserKind::Staff, ContainerKinds::ALL)]),
            inactive_denies: true,
            own_fields: BTreeSet::from(OwnField::ALL),
            ..AccessProfile::closed()
        },
        sharing: SharingProfile {
            containers: BTreeMap::from([(ContainerKind::Root, DefaultExposure::Shown)]),
            drafts_first: vec!["invoice".to_owned(), "proposal".to_owned()],
            fields: allowed_fields(),
            ..SharingProfile::closed()
        },
        credentials: CredentialSettings::default(),
    }
}

/// The product of rows V: "Show on portal?" switches, membership, contacts as members, everything
/// shared may be read. Its fields are open and its roles none; what a document leaves unsaid takes
/// the mildest usual value (choice 13).
#[must_use]
pub fn psa_switches() -> PortalProfile {
    let read = names(&view_of(ALL_KINDS));
    PortalProfile {
        name: "psa-switches".to_owned(),
        access: AccessProfile {
            starts_active: false,
            clients_per_user: ClientsPerUser::One,
            roles: RoleMode::Fixed,
            hand_out: HandOut::UpToTheCeiling,
            base: BTreeMap::from([
                (UserKind::Client, read.clone()),
                (UserKind::Guest, read.clone()),
            ]),
            ceilings: BTreeMap::from([(UserKind::Client, read.clone()), (UserKind::Guest, read)]),
            reach: BTreeMap::from([(UserKind::Staff, ContainerKinds::ALL)]),
            own_fields: BTreeSet::from(OwnField::ALL),
            ..AccessProfile::closed()
        },
        sharing: SharingProfile {
            // Membership opens a project or ticket; the switch is on the items (V16, V17, V59).
            containers: ContainerKind::ALL
                .into_iter()
                .map(|kind| (kind, DefaultExposure::ByContainer))
                .collect(),
            at_activation: AtActivation::Hidden,
            other_fields: FieldRule::All,
            ..SharingProfile::closed()
        },
        credentials: CredentialSettings {
            lock: Lock::UntilAdmin,
            password_set_by: PasswordSetBy::Invitee,
            invitation_trigger: InvitationTrigger::OnMembership,
            ..CredentialSettings::default()
        },
    }
}

const ALL_KINDS: &[&str] = &[
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
];

const CLIENT_CEILING: &[&str] = &[
    "milestones.view",
    "tasks.view",
    "updates.view",
    "documents.view",
    "comments.view",
    "issues.view",
    "invoices.view",
    "proposals.view",
    "dashboards.view",
    "reports.view",
    "times.view",
    "expenses.view",
    "documents.create",
    "documents.download",
    "invoices.download",
    "comments.create",
    "comments.edit",
    "comments.delete",
    "issues.create",
    "issues.edit",
    "times.approve",
    "expenses.approve",
    "proposals.approve",
    "payments.make",
    "invoices.receive",
    "reports.receive",
    "users.view",
    "users.manage",
    "members.manage",
];

fn view_of(plurals: &[&'static str]) -> Vec<String> {
    plurals
        .iter()
        .map(|plural| format!("{plural}.view"))
        .collect()
}

fn names<T: ToString>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

/// Everything but what is the provider's own business: margins, cost rates, estimates, assignees.
fn allowed_fields() -> BTreeMap<String, FieldRule> {
    [
        ("milestone", &["title", "due", "status"][..]),
        ("task", &["title", "due", "status", "description"]),
        ("task-list", &["title"]),
        ("update", &["title", "body", "author"]),
        ("document", &["title", "file", "size", "version"]),
        ("comment", &["body", "author"]),
        ("issue", &["title", "body", "status", "priority"]),
        ("invoice", &["number", "amount", "due", "status"]),
        ("proposal", &["number", "amount", "valid-until", "status"]),
        ("dashboard", &["title", "content"]),
        ("report", &["title", "content"]),
        ("time", &["date", "hours", "description"]),
        ("expense", &["date", "amount", "description"]),
    ]
    .into_iter()
    .map(|(kind, fields)| (kind.to_owned(), FieldRule::Only(names(fields))))
    .collect()
}
