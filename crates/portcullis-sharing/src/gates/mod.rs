//! The gates of the sharing core, one a file, and the one order of all twelve.
//!
//! The list below is the order, written once: `first_refusal` walks it for a decision and
//! `walk` tells the same walk step by step. A compile-time check holds it against the numbers.

pub mod exposure;
pub mod fields;
pub mod lifecycle;
pub mod reach;
pub mod set_up;

use crate::ItemFacts;
use portcullis_access::gates::{
    area, client_lock, client_usable, licence, portal_active, right, standing,
};
use portcullis_access::{Gate, Held, Verb, Viewer};
use portcullis_id::Timestamp;

/// One question, as the gates see it.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Who asks.
    pub viewer: &'a Viewer,
    /// What they hold at the item's client.
    pub held: Option<&'a Held>,
    /// What they want to do. `View` and `Receive` are walked whole; every other verb after View.
    pub verb: Verb,
    /// About what.
    pub facts: &'a ItemFacts,
    /// When.
    pub now: Timestamp,
}

macro_rules! order {
    ($($gate:ident: $passes:expr;)+) => {
        /// The gates that can refuse, in their order. Gate 11 masks and is applied to an Allow.
        pub const ORDER: &[Gate] = &[$(Gate::$gate),+];

        /// `RECEIVE` is known when this is compiled, because every gate from 6 to 9 asks it.
        #[inline(always)]
        fn refusal<const RECEIVE: bool>(ask: &Ask<'_>) -> Option<Gate> {
            $(
                let passes: fn(&Ask<'_>) -> bool = $passes;
                if !passes(ask) {
                    return Some(Gate::$gate);
                }
            )+
            None
        }

        fn steps<const RECEIVE: bool>(ask: &Ask<'_>) -> Vec<(Gate, bool)> {
            let mut steps = Vec::with_capacity(ORDER.len());
            $(
                let passes: fn(&Ask<'_>) -> bool = $passes;
                steps.push((Gate::$gate, passes(ask)));
            )+
            steps
        }
    };
}

/// The first gate that refuses, if one does: of Receive for Receive, of View for every other verb.
#[expect(
    clippy::inline_always,
    reason = "a quarter of a decision's time; see benches/decide.rs"
)]
#[inline(always)]
pub(crate) fn first_refusal(ask: &Ask<'_>) -> Option<Gate> {
    if matches!(ask.verb, Verb::Receive) {
        refusal::<true>(ask)
    } else {
        refusal::<false>(ask)
    }
}

/// Every gate with its answer, in order, past the first refusal too.
pub(crate) fn walk(ask: &Ask<'_>) -> Vec<(Gate, bool)> {
    if matches!(ask.verb, Verb::Receive) {
        steps::<true>(ask)
    } else {
        steps::<false>(ask)
    }
}

// Receive is held by distribution: it needs no reach, area, right or exposure (K30).
order! {
    PortalActive: |ask| portal_active::passes(ask.viewer);
    Licence: |ask| licence::passes(ask.viewer, ask.facts.container.kind);
    Standing: |ask| standing::passes(ask.viewer);
    ClientUsable: |ask| client_usable::passes(ask.viewer, ask.held);
    ClientLock: |ask| client_lock::passes(ask.held);
    Reach: |ask| RECEIVE || reach::passes(ask);
    Area: |ask| RECEIVE
        || area::passes(ask.viewer, ask.held, ask.facts.container.closed, ask.facts.path);
    Right: |ask| RECEIVE || right::passes(ask.held, Verb::View, ask.facts.path);
    Exposure: |ask| RECEIVE || exposure::passes(ask);
    Lifecycle: |ask| lifecycle::passes(ask);
    SetUp: |ask| !RECEIVE || set_up::passes(ask);
}

const _: () = assert!(
    Gate::in_order(ORDER) && ORDER.len() == Gate::ALL.len() - 1,
    "the walk follows the numbers of the gates and leaves out none but the mask"
);

/// What a verb other than View and Receive needs after View has passed: the right on the item's
/// own kind, and what was set up for it.
#[expect(
    clippy::inline_always,
    reason = "a quarter of a decision's time; see benches/decide.rs"
)]
#[inline(always)]
pub(crate) fn verb_refusal(ask: &Ask<'_>) -> Option<Gate> {
    let own = portcullis_access::KindSet::of(ask.facts.judged_as);
    if !right::passes(ask.held, ask.verb, own) {
        return Some(Gate::Right);
    }
    (!set_up::passes(ask)).then_some(Gate::SetUp)
}
