//! The rule once more, written from requirements 7.2 alone: over what a viewer is folded from, with
//! rights as texts, slowly. It shares no gate with the library.

use crate::world::{NOW, Person};
use portcullis_access::{Gate, Grant, Kind, Light, RoleMode, SubjectAffiliation, UserKind, Verb};
use portcullis_id::{State, Timestamp};
use portcullis_sharing::{DefaultExposure, Exposure, ItemFacts, Kin, Lifecycle};

/// The first gate that refuses a viewer who was folded at [`NOW`] and asks at `now`.
pub(crate) fn reference(who: &Person, verb: Verb, of: &ItemFacts, now: Timestamp) -> Option<Gate> {
    let (staff, home) = (who.subject.kind == UserKind::Staff, &of.container);
    let door = who
        .at
        .iter()
        .find(|at| Some(at.client) == of.client && live(at));
    let bond = of.bond.filter(|bond| bond.user == who.subject.user);
    let grant = match &who.grants {
        Some(carried) => carried
            .iter()
            .find(|(id, _)| *id == home.id)
            .map(|(_, grant)| *grant),
        None => bond.and_then(|bond| bond.grant),
    };
    let grant = grant.filter(|grant| grant.until.is_none_or(|end| end > now));
    let may = |verb: &str, kind: Kind| match who.catalogue.kind(kind) {
        Some(entry) => holds(who, door, &format!("{}.{verb}", entry.plural)),
        None => false,
    };
    let issued = of.lifecycle == Lifecycle::Issued && home.lifecycle == Lifecycle::Issued;
    let mut gates = vec![
        (Gate::Stale, ends(who).all(|end| end <= NOW || now < end)),
        (Gate::PortalActive, staff || who.subject.portal.active),
        (
            Gate::Licence,
            who.subject.portal.licensed.contains(home.kind),
        ),
        (Gate::Standing, who.preview || usable(who)),
        (Gate::ClientUsable, staff || !shut_out(who, door)),
        (
            Gate::ClientLock,
            door.is_some() || (staff && who.subject.every_client),
        ),
    ];
    if verb == Verb::Receive {
        gates.push((Gate::Lifecycle, staff || issued));
        gates.push((Gate::SetUp, bond.is_some_and(|bond| bond.receives)));
    } else {
        let open =
            |kind| door.is_some_and(|at| !at.closed.contains(kind)) && !home.closed.contains(kind);
        gates.push((
            Gate::Reach,
            who.subject.reach.contains(home.kind) || grant.is_some(),
        ));
        gates.push((Gate::Area, staff || of.path.iter().all(open)));
        gates.push((Gate::Right, of.path.iter().all(|kind| may("view", kind))));
        gates.push((Gate::Exposure, staff || shown(of)));
        gates.push((Gate::Lifecycle, staff || issued));
    }
    if !matches!(verb, Verb::View | Verb::Receive) {
        let right = match verb {
            Verb::Use(_) => holds(who, door, "users.view"),
            _ => may(name(verb), of.judged_as),
        };
        gates.push((Gate::Right, right));
        gates.push((Gate::SetUp, staff || set_up(who, verb, of, grant)));
    }
    gates
        .into_iter()
        .find(|(_, passes)| !passes)
        .map(|(gate, _)| gate)
}

fn live(at: &SubjectAffiliation) -> bool {
    !at.paused && at.until.is_none_or(|end| end > NOW)
}

/// Everything that ends a viewer.
fn ends(who: &Person) -> impl Iterator<Item = Timestamp> {
    let doors = who
        .at
        .iter()
        .filter(|at| live(at))
        .filter_map(|at| at.until);
    let grants = who
        .grants
        .iter()
        .flatten()
        .filter_map(|(_, grant)| grant.until);
    doors.chain(grants).chain(who.standing.until())
}

fn usable(who: &Person) -> bool {
    who.standing.at(NOW) == State::Usable && !who.subject.removed
}

fn shut_out(who: &Person, door: Option<&SubjectAffiliation>) -> bool {
    who.access.inactive_denies && door.is_some_and(|at| at.light == Light::Inactive)
}

fn shown(of: &ItemFacts) -> bool {
    let switch = |own, default| match own {
        Exposure::Shown => true,
        Exposure::Hidden => false,
        Exposure::Inherit => default != DefaultExposure::Hidden,
    };
    let own = match of.kin {
        Kin::Of { open_child } => open_child,
        Kin::Under { open } => open && switch(of.exposure, of.default),
        Kin::Alone => switch(of.exposure, of.default),
    };
    own && switch(of.container.exposure, of.container.default)
}

fn set_up(who: &Person, verb: Verb, of: &ItemFacts, grant: Option<Grant>) -> bool {
    match verb {
        Verb::Approve => grant.is_some_and(|grant| grant.approver),
        Verb::Edit | Verb::Delete => of.author == Some(who.subject.user),
        _ => true,
    }
}

/// Whether a right is held by its own name: given to the person or their kind, below the ceiling.
fn holds(who: &Person, door: Option<&SubjectAffiliation>, right: &str) -> bool {
    let kind = who.subject.kind;
    let everywhere = kind == UserKind::Staff && who.subject.every_client;
    let fixed = who.access.roles == RoleMode::Fixed && kind != UserKind::Staff;
    let held = |right: &str| {
        let names = |list: &Vec<String>| list.iter().any(|name| stands_for(name, right));
        let given =
            names(&who.subject.rights) || (!everywhere && door.is_some_and(|at| names(&at.rights)));
        (who.access.base.get(&kind).is_some_and(names) || (given && !fixed))
            && who.access.ceilings.get(&kind).is_none_or(names)
    };
    let needed = who
        .access
        .view_needs
        .as_deref()
        .filter(|_| kind != UserKind::Staff);
    held(right) && needed.is_none_or(held)
}

fn stands_for(name: &str, right: &str) -> bool {
    match name {
        "payments.make" => right == "invoices.pay" || right == "proposals.pay",
        "status.view" => right == "reports.view",
        _ => name == right,
    }
}

fn name(verb: Verb) -> &'static str {
    match verb {
        Verb::View => "view",
        Verb::Receive => "receive",
        Verb::Create => "create",
        Verb::Edit => "edit",
        Verb::Delete => "delete",
        Verb::Download => "download",
        Verb::Approve => "approve",
        Verb::Pay => "pay",
        Verb::Share => "share",
        Verb::Use(_) => "use",
    }
}
