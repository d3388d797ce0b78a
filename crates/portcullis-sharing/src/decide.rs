use crate::gates::{self, Ask, fields, first_refusal, verb_refusal};
use crate::{ContainerFacts, ItemFacts};
use portcullis_access::gates::{client_lock, client_usable, licence, portal_active, standing};
use portcullis_access::{Deny, Fields, Gate, KindSet, UserKind, Verb, Viewer};
use portcullis_id::{ClientId, Timestamp};

/// The answer of the one rule.
///
/// ```
/// # use portcullis_access::{Verb, Viewer};
/// # use portcullis_id::Timestamp;
/// # use portcullis_sharing::{ItemFacts, decide};
/// fn pay(viewer: &Viewer, invoice: &ItemFacts, now: Timestamp) -> &'static str {
///     if decide(viewer, Verb::Pay, invoice, now).is_allow() { "paid" } else { "refused" }
/// }
/// ```
///
/// It cannot be overlooked:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// # use portcullis_access::{Verb, Viewer};
/// # use portcullis_id::Timestamp;
/// # use portcullis_sharing::{ItemFacts, decide};
/// fn pay(viewer: &Viewer, invoice: &ItemFacts, now: Timestamp) -> &'static str {
///     decide(viewer, Verb::Pay, invoice, now);
///     "paid"
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "a decision that nobody looks at protects nothing"]
pub enum Decision {
    /// Yes, and the fields that may be seen.
    Allow {
        /// The fields of the item's kind that may be seen and asked about (gate 11).
        fields: Fields,
    },
    /// No: the first gate that refused, and whether the asker may learn that the thing exists.
    Deny(Deny),
}

impl Decision {
    /// Whether the answer is yes.
    pub const fn is_allow(self) -> bool {
        matches!(self, Self::Allow { .. })
    }

    /// The refusal, if it is one.
    pub const fn denied(self) -> Option<Deny> {
        match self {
            Self::Allow { .. } => None,
            Self::Deny(deny) => Some(deny),
        }
    }
}

/// May this viewer do this with this item? The only rule; every list, count, page, mail, preview
/// and export asks it (L3, L4).
///
/// Every verb but View and Receive is decided as View first, so a refusal tells that the thing
/// exists only when the asker can see it anyway. Create is decided on the facts of the container
/// or parent ([`ItemFacts::place_for`]).
///
/// Pure, total and synchronous; allocates nothing; costs the same whatever the number of items,
/// clients or grants.
#[expect(
    clippy::inline_always,
    reason = "a quarter of a decision's time; see benches/decide.rs"
)]
#[inline(always)]
pub fn decide(viewer: &Viewer, verb: Verb, facts: &ItemFacts, now: Timestamp) -> Decision {
    if !viewer.fresh_at(now) {
        return Decision::Deny(Deny::hidden(Gate::Stale));
    }
    let held = viewer.held_at(facts.client);
    let ask = Ask {
        viewer,
        held,
        verb,
        facts,
        now,
    };
    if let Some(gate) = first_refusal(&ask) {
        return Decision::Deny(Deny::hidden(gate));
    }
    if !matches!(verb, Verb::View | Verb::Receive)
        && let Some(gate) = verb_refusal(&ask)
    {
        return Decision::Deny(Deny::seen(gate));
    }
    Decision::Allow {
        fields: fields::mask(&ask),
    }
}

/// May this viewer enter this container: see its name and that it is there? The same gates, with
/// gates 7 and 8 asked for any kind at all: a container in which nothing could ever be viewed is
/// not entered (P15, V60).
#[inline]
pub fn decide_container(
    viewer: &Viewer,
    client: Option<ClientId>,
    container: &ContainerFacts,
    granted: bool,
    now: Timestamp,
) -> Decision {
    let held = viewer.held_at(client);
    let staff = viewer.kind() == UserKind::Staff;
    let closed = if staff {
        KindSet::NONE
    } else {
        held.map_or(KindSet::ALL, |held| held.closed.union(container.closed))
    };
    let viewable = held.map_or(KindSet::NONE, |held| held.rights.kinds(Verb::View));
    let refused = if !viewer.fresh_at(now) {
        Gate::Stale
    } else if !portal_active::passes(viewer) {
        Gate::PortalActive
    } else if !licence::passes(viewer, container.kind) {
        Gate::Licence
    } else if !standing::passes(viewer) {
        Gate::Standing
    } else if !client_usable::passes(viewer, held) {
        Gate::ClientUsable
    } else if !client_lock::passes(held) {
        Gate::ClientLock
    } else if !viewer.reach().contains(container.kind) && !granted {
        Gate::Reach
    } else if closed.complement().is_empty() {
        Gate::Area
    } else if !viewable.intersects(closed.complement()) {
        Gate::Right
    } else if !staff && !container.exposure.exposes(container.default) {
        Gate::Exposure
    } else if !staff && !container.lifecycle.is_issued() {
        Gate::Lifecycle
    } else {
        return Decision::Allow {
            fields: Fields::ALL,
        };
    };
    Decision::Deny(Deny::hidden(refused))
}

const CONTAINER_WALK: [Gate; 11] = [
    Gate::Stale,
    Gate::PortalActive,
    Gate::Licence,
    Gate::Standing,
    Gate::ClientUsable,
    Gate::ClientLock,
    Gate::Reach,
    Gate::Area,
    Gate::Right,
    Gate::Exposure,
    Gate::Lifecycle,
];
const _: () = assert!(
    Gate::in_order(&CONTAINER_WALK) && CONTAINER_WALK.len() == gates::ORDER.len(),
    "a container is walked in the order of the gates; it has no set-up, and staleness comes first"
);
