//! Who sees what: for each client user what they see, counted by kind and by key, and how many
//! items each gate refused them.

use super::table::{Table, count};
use super::{Failure, Portal};
use portcullis::access::{Gate, Kind, User, UserKind, Users};
use portcullis::id::{HostKey, Timestamp, UserId};
use portcullis::ledger::StoreExt;
use portcullis::sharing::Decision;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// What one user sees, and what was refused them.
pub(super) struct Sight {
    /// The host's key of the user, or ours.
    name: String,
    kind: UserKind,
    seen: BTreeMap<Kind, BTreeSet<HostKey>>,
    pub(super) refused: BTreeMap<Gate, usize>,
}

impl Sight {
    fn of(user: &User) -> Self {
        let ours = || format!("id:{}", user.id);
        Self {
            name: user.key.as_ref().map_or_else(ours, ToString::to_string),
            kind: user.kind,
            seen: BTreeMap::new(),
            refused: BTreeMap::new(),
        }
    }
}

pub(super) fn tell(
    portal: &Portal,
    now: Timestamp,
    items: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let sights = survey(portal, now)?;
    writeln!(out, "As of {now}.\n")?;
    writeln!(
        out,
        "What each client user sees, by kind:\n\n{}",
        seen(portal, &sights)
    )?;
    writeln!(
        out,
        "How many items each gate refused them:\n\n{}",
        refused(&sights)
    )?;
    for gate in Gate::ALL {
        let total: usize = sights
            .values()
            .filter_map(|sight| sight.refused.get(&gate))
            .sum();
        if total > 0 {
            writeln!(out, "  {gate} ({})", gate.rows())?;
        }
    }
    if items {
        for sight in sights.values() {
            list(portal, sight, out)?;
        }
    }
    Ok(())
}

/// The client users and guests by name of their key, each with all that is there for them.
pub(super) fn survey(
    portal: &Portal,
    now: Timestamp,
) -> Result<BTreeMap<(String, UserId), Sight>, Failure> {
    let users = portal.store().read(Users::users)?;
    let mut sights: BTreeMap<UserId, Sight> = users
        .iter()
        .filter(|user| user.kind != UserKind::Staff && !user.removed)
        .map(|user| (user.id, Sight::of(user)))
        .collect();
    portal.operator("quickstart", now).survey(&mut |finding| {
        let Some(sight) = sights.get_mut(&finding.user.id) else {
            return;
        };
        match finding.decision {
            Decision::Allow { .. } => {
                let keys = sight.seen.entry(finding.kind).or_default();
                keys.insert(finding.key.clone());
            }
            Decision::Deny(deny) => *sight.refused.entry(deny.gate).or_default() += 1,
        }
    })?;
    Ok(sights
        .into_iter()
        .map(|(user, sight)| ((sight.name.clone(), user), sight))
        .collect())
}

fn seen(portal: &Portal, sights: &BTreeMap<(String, UserId), Sight>) -> Table {
    let kinds = portal.catalogue().kinds();
    let names = kinds.iter().map(|entry| entry.name.as_str());
    let mut table = Table::new(["user", "is", "sees"].into_iter().chain(names));
    for sight in sights.values() {
        let counts: Vec<_> = kinds
            .iter()
            .map(|entry| sight.seen.get(&entry.kind).map_or(0, BTreeSet::len))
            .collect();
        let mut row = vec![
            sight.name.clone(),
            sight.kind.name().to_owned(),
            count(counts.iter().sum()),
        ];
        row.extend(counts.into_iter().map(count));
        table.row(row);
    }
    table
}

fn refused(sights: &BTreeMap<(String, UserId), Sight>) -> Table {
    // The mask and the set-up refuse no View.
    let gates: Vec<_> = Gate::ALL
        .into_iter()
        .filter(|gate| !matches!(gate, Gate::Fields | Gate::SetUp))
        .collect();
    let names = gates
        .iter()
        .map(|gate| format!("{} {}", gate.number(), gate.name()));
    let mut table = Table::new(
        ["user", "refused"]
            .map(str::to_owned)
            .into_iter()
            .chain(names),
    );
    for sight in sights.values() {
        let mut row = vec![sight.name.clone(), count(sight.refused.values().sum())];
        row.extend(
            gates
                .iter()
                .map(|gate| count(sight.refused.get(gate).copied().unwrap_or(0))),
        );
        table.row(row);
    }
    table
}

fn list(portal: &Portal, sight: &Sight, out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "\n{} sees:", sight.name)?;
    for entry in portal.catalogue().kinds() {
        for key in sight.seen.get(&entry.kind).into_iter().flatten() {
            writeln!(out, "  {} {key}", entry.name)?;
        }
    }
    if sight.seen.is_empty() {
        writeln!(out, "  nothing")?;
    }
    Ok(())
}
