use crate::{Catalogue, ContainerKinds, KindSet, RightSet, UserKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The access knobs of a product, as data (7.3: K01, K03 to K05, K09 to K11, K16, K23, K27).
///
/// Names in it are those of the [`Catalogue`]; [`AccessRules::new`] refuses what it cannot read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessProfile {
    /// K01: whether a new portal starts active.
    pub starts_active: bool,
    /// K05: how many clients one user may be affiliated with.
    pub clients_per_user: ClientsPerUser,
    /// K09: whether roles are given out at all, or what a user may do is fixed by their kind.
    pub roles: RoleMode,
    /// K03: what somebody who manages users may hand out.
    pub hand_out: HandOut,
    /// K09, K10: the rights every user of a kind holds at every client reached, by name.
    pub base: BTreeMap<UserKind, Vec<String>>,
    /// K09, K10: the rights beyond which a user of a kind never gets, by name (P36). A kind that
    /// is not named here has no ceiling.
    pub ceilings: BTreeMap<UserKind, Vec<String>>,
    /// K10: when set, whoever lacks this right sees nothing at all (D's `documents.view`).
    pub view_needs: Option<String>,
    /// K11: the container kinds of which a new user of a kind reaches all.
    pub reach: BTreeMap<UserKind, ContainerKinds>,
    /// K16: the areas open for a new client, by kind name; nothing named means all of them.
    pub open_areas: Option<Vec<String>>,
    /// K23: whether an inactive client's people are shut out.
    pub inactive_denies: bool,
    /// K27: the container kinds that are licensed to begin with.
    pub licensed: ContainerKinds,
    /// K28: what people change of their own account. Never their address, rights, roles or clients,
    /// whatever is listed here.
    pub own_fields: BTreeSet<OwnField>,
}

/// What there is of an account that its own user may be let change (K28).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OwnField {
    /// The person's name.
    Name,
    /// The password, where it is kept here, outside of what a sign-in asks for.
    Password,
}

impl OwnField {
    /// Every field there is.
    pub const ALL: [Self; 2] = [Self::Name, Self::Password];
}

impl AccessProfile {
    /// The profile that opens nothing by itself: no base rights, no reach, the portal off, no
    /// area closed, every container kind licensed, nothing of one's own account one's own to change.
    /// What presets start from.
    #[must_use]
    pub fn closed() -> Self {
        Self {
            starts_active: false,
            clients_per_user: ClientsPerUser::Many,
            roles: RoleMode::Assignable,
            hand_out: HandOut::WhatTheyHold,
            base: BTreeMap::new(),
            ceilings: BTreeMap::new(),
            view_needs: None,
            reach: BTreeMap::new(),
            open_areas: None,
            inactive_denies: false,
            licensed: ContainerKinds::ALL,
            own_fields: BTreeSet::new(),
        }
    }
}

/// How many clients one user may be affiliated with (K05).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientsPerUser {
    /// Exactly one; another client needs another user (D6, P31).
    One,
    /// Any number (S11).
    Many,
}

/// Whether roles are given out (K09).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleMode {
    /// Roles and direct rights, under the ceiling (S39).
    Assignable,
    /// A client user's rights are those of their kind; nothing can be given (P33 to P35, B32).
    Fixed,
}

/// What somebody who manages users may hand out (K03).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandOut {
    /// Only rights they hold themselves at that client.
    WhatTheyHold,
    /// Any right below the receiver's ceiling.
    UpToTheCeiling,
}

/// A profile that cannot work; the text names the knob.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("profile knob `{knob}`: {what}")]
pub struct ProfileError {
    knob: String,
    what: String,
}

impl ProfileError {
    /// What is wrong with which knob.
    pub fn new(knob: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            knob: knob.into(),
            what: what.into(),
        }
    }

    /// The knob.
    pub fn knob(&self) -> &str {
        &self.knob
    }
}

/// A profile and a catalogue that fit together: what the gates and commands run on.
#[derive(Clone, Debug)]
pub struct AccessRules {
    profile: AccessProfile,
    catalogue: Catalogue,
    base: [RightSet; 3],
    ceilings: [RightSet; 3],
    view_needs: Option<RightSet>,
    closed_areas: KindSet,
}

impl AccessRules {
    /// What people change of their own account (K28).
    pub const fn own_fields(&self) -> &BTreeSet<OwnField> {
        &self.profile.own_fields
    }

    /// Checks `profile` against `catalogue`.
    ///
    /// # Errors
    /// [`ProfileError`] with the name of the first knob that cannot work.
    pub fn new(profile: AccessProfile, catalogue: Catalogue) -> Result<Self, ProfileError> {
        let mut base = [RightSet::NONE; 3];
        let mut ceilings = [RightSet::ALL; 3];
        for (kind, slot) in UserKind::ALL.into_iter().zip(&mut base) {
            if let Some(names) = profile.base.get(&kind) {
                *slot = known(&catalogue, names, &format!("base.{}", kind.name()))?;
            }
        }
        for (kind, slot) in UserKind::ALL.into_iter().zip(&mut ceilings) {
            if let Some(names) = profile.ceilings.get(&kind) {
                *slot = known(&catalogue, names, &format!("ceilings.{}", kind.name()))?;
            }
        }
        let view_needs = match &profile.view_needs {
            None => None,
            Some(name) => Some(known(&catalogue, std::slice::from_ref(name), "view_needs")?),
        };
        for kind in UserKind::ALL {
            let (held, top) = (slot(&base, kind), slot(&ceilings, kind));
            if !top.contains_all(&held) {
                return Err(ProfileError::new(
                    format!("base.{}", kind.name()),
                    "holds rights above the ceiling of the same kind; raise the ceiling or take them out",
                ));
            }
        }
        let closed_areas = match &profile.open_areas {
            None => KindSet::NONE,
            Some(names) => closed_but(&catalogue, names)?,
        };
        Ok(Self {
            profile,
            catalogue,
            base,
            ceilings,
            view_needs,
            closed_areas,
        })
    }

    /// The profile.
    pub const fn profile(&self) -> &AccessProfile {
        &self.profile
    }

    /// The catalogue.
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The areas that are closed for a new client.
    pub const fn closed_areas(&self) -> KindSet {
        self.closed_areas
    }

    /// The container kinds of which a new user of `kind` reaches all.
    pub fn reach(&self, kind: UserKind) -> ContainerKinds {
        self.profile.reach.get(&kind).copied().unwrap_or_default()
    }

    /// The ceiling of a kind of user.
    pub fn ceiling(&self, kind: UserKind) -> RightSet {
        slot(&self.ceilings, kind)
    }

    /// What a user of `kind` holds when given `given` by roles and directly: with the base of the
    /// kind, cut by its ceiling (S40, P36), and nothing at all where the profile names a right
    /// that every view needs and it is missing.
    pub fn held(&self, kind: UserKind, given: RightSet) -> RightSet {
        let given = match (self.profile.roles, kind) {
            (RoleMode::Fixed, UserKind::Client | UserKind::Guest) => RightSet::NONE,
            _ => given,
        };
        let held = slot(&self.base, kind)
            .union(given)
            .intersection(slot(&self.ceilings, kind));
        match self.view_needs {
            Some(needed) if kind != UserKind::Staff && !held.contains_all(&needed) => {
                RightSet::NONE
            }
            _ => held,
        }
    }
}

fn slot(sets: &[RightSet; 3], kind: UserKind) -> RightSet {
    match (kind, sets) {
        (UserKind::Staff, [set, _, _])
        | (UserKind::Client, [_, set, _])
        | (UserKind::Guest, [_, _, set]) => *set,
    }
}

fn known(catalogue: &Catalogue, names: &[String], knob: &str) -> Result<RightSet, ProfileError> {
    let resolved = catalogue.resolve(names.iter().map(String::as_str));
    match resolved.unknown.first() {
        None => Ok(resolved.rights),
        Some(name) => Err(ProfileError::new(
            knob,
            format!("`{name}` is no registered right; register it or correct the name"),
        )),
    }
}

fn closed_but(catalogue: &Catalogue, open: &[String]) -> Result<KindSet, ProfileError> {
    let mut closed = KindSet::ALL;
    for name in open {
        let entry = catalogue.kind_named(name).ok_or_else(|| {
            ProfileError::new(
                "open_areas",
                format!("`{name}` is no registered kind; register it or correct the name"),
            )
        })?;
        closed = closed.without(entry.kind);
    }
    Ok(closed)
}
