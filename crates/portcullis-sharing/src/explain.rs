use crate::gates::{self, Ask, fields};
use crate::{Decision, ItemFacts, Kin, decide};
use portcullis_access::{Catalogue, Gate, UserKind, Verb, Viewer};
use portcullis_id::{State, Timestamp};
use std::fmt;

/// The same walk as a decision, told in words. For staff and the audit, never for a client user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What was decided.
    pub decision: Decision,
    /// Every gate with its answer, in order, past the first refusal too.
    pub steps: Vec<Step>,
}

/// One gate of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The gate.
    pub gate: Gate,
    /// Whether it lets pass.
    pub passes: bool,
    /// Why, from the facts it looked at.
    pub because: String,
}

/// Why may this viewer, or may they not? Runs the same gates as [`decide`] and says what each
/// looked at.
pub fn explain(
    viewer: &Viewer,
    verb: Verb,
    facts: &ItemFacts,
    catalogue: &Catalogue,
    now: Timestamp,
) -> Explanation {
    let view = if verb == Verb::Receive {
        verb
    } else {
        Verb::View
    };
    let mut ask = Ask {
        viewer,
        held: viewer.held_at(facts.client),
        verb: view,
        facts,
        now,
    };
    let mut steps = vec![step(
        Gate::Stale,
        viewer.fresh_at(now),
        "valid until its earliest expiry",
    )];
    for (gate, passes) in gates::walk(&ask) {
        if gate != Gate::SetUp {
            steps.push(step(gate, passes, because(&ask, gate, catalogue)));
        }
    }
    if view != verb {
        ask.verb = verb;
        let refused = gates::verb_refusal(&ask);
        let right = refused != Some(Gate::Right);
        steps.push(step(
            Gate::Right,
            right,
            format!("{verb:?} on its own kind"),
        ));
    }
    // It refuses nothing: what it takes away is told, and lets pass.
    steps.push(step(
        Gate::Fields,
        true,
        because(&ask, Gate::Fields, catalogue),
    ));
    if view != verb || verb == Verb::Receive {
        let passes = gates::set_up::passes(&ask);
        steps.push(step(
            Gate::SetUp,
            passes,
            because(&ask, Gate::SetUp, catalogue),
        ));
    }
    Explanation {
        decision: decide(viewer, verb, facts, now),
        steps,
    }
}

fn step(gate: Gate, passes: bool, because: impl Into<String>) -> Step {
    Step {
        gate,
        passes,
        because: because.into(),
    }
}

fn because(ask: &Ask<'_>, gate: Gate, catalogue: &Catalogue) -> String {
    let (viewer, facts) = (ask.viewer, ask.facts);
    match gate {
        Gate::Stale => String::new(),
        Gate::Fields => mask(ask, catalogue),
        Gate::PortalActive => switch(
            viewer.portal_active(),
            "the portal is on",
            "the portal is off",
        ),
        Gate::Licence => format!("containers of kind {}", facts.container.kind),
        Gate::Standing => standing(viewer),
        Gate::ClientUsable => "the client's light".to_owned(),
        Gate::ClientLock => match (facts.client, viewer.every_client()) {
            (_, true) => "works for every client".to_owned(),
            (None, false) => "belongs to no client".to_owned(),
            (Some(_), false) => switch(
                ask.held.is_some(),
                "affiliated with its client",
                "no affiliation with its client",
            ),
        },
        Gate::Reach => reach(ask),
        Gate::Area | Gate::Right => format!("on the path {}", path(facts, catalogue)),
        Gate::Exposure => exposure(facts),
        Gate::Lifecycle => format!(
            "{}, in a container that is {}",
            facts.lifecycle.name(),
            facts.container.lifecycle.name()
        ),
        Gate::SetUp => format!("{:?} needs a set-up for this user", ask.verb),
    }
}

fn switch(on: bool, yes: &str, no: &str) -> String {
    (if on { yes } else { no }).to_owned()
}

fn standing(viewer: &Viewer) -> String {
    let state = match viewer.state() {
        State::Usable => "usable",
        State::Invited => "invited, not accepted yet",
        State::ChangeDue => "a new password is due",
        State::Suspended => "suspended",
        State::Expired => "expired",
        State::Disabled => "disabled",
        _ => "no account",
    };
    if viewer.is_preview() {
        format!("counts as usable in a preview; is {state}")
    } else {
        state.to_owned()
    }
}

fn reach(ask: &Ask<'_>) -> String {
    let kind = ask.facts.container.kind;
    if ask.viewer.reach().contains(kind) {
        return format!("reaches every {kind}");
    }
    match gates::reach::grant(ask) {
        Some(_) => format!("was let into this {kind}"),
        None => format!("was not let into this {kind}"),
    }
}

fn exposure(facts: &ItemFacts) -> String {
    let container = &facts.container;
    if !container.exposure.exposes(container.default) {
        return format!("its {} is hidden", container.kind);
    }
    match facts.kin {
        Kin::Of { open_child: true } => "one of its children is shown".to_owned(),
        Kin::Of { open_child: false } => "none of its children is shown".to_owned(),
        Kin::Under { open: false } => "the item it hangs on is hidden".to_owned(),
        Kin::Alone | Kin::Under { open: true } => format!(
            "own switch {}, default {} when it was made{}",
            facts.exposure.name(),
            facts.default.name(),
            if facts.older {
                ", older than the portal's activation"
            } else {
                ""
            }
        ),
    }
}

fn mask(ask: &Ask<'_>, catalogue: &Catalogue) -> String {
    let masked = masked_of(ask, catalogue);
    if masked.is_empty() {
        "no field is masked".to_owned()
    } else {
        format!("masked: {}", masked.join(", "))
    }
}

fn path(facts: &ItemFacts, catalogue: &Catalogue) -> String {
    let names: Vec<_> = facts
        .path
        .iter()
        .map(|kind| match catalogue.kind(kind) {
            Some(entry) => entry.name.clone(),
            None => format!("kind {} that nobody registered", kind.number()),
        })
        .collect();
    names.join(" / ")
}

impl fmt::Display for Explanation {
    /// One line: the verdict, and for a refusal the gate, why, and the requirements behind it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decision {
            Decision::Allow { .. } => f.write_str("allowed: every gate passes"),
            Decision::Deny(deny) => {
                write!(f, "refused at {}", deny.gate)?;
                let told = self
                    .steps
                    .iter()
                    .find(|step| step.gate == deny.gate && !step.passes);
                if let Some(step) = told {
                    write!(f, ": {}", step.because)?;
                }
                write!(f, "; {}", deny.gate.rows())
            }
        }
    }
}

/// What an explanation of an Allow says about the mask.
pub fn masked(
    viewer: &Viewer,
    facts: &ItemFacts,
    catalogue: &Catalogue,
    now: Timestamp,
) -> Vec<String> {
    let ask = Ask {
        viewer,
        held: viewer.held_at(facts.client),
        verb: Verb::View,
        facts,
        now,
    };
    masked_of(&ask, catalogue)
}

fn masked_of(ask: &Ask<'_>, catalogue: &Catalogue) -> Vec<String> {
    if ask.viewer.kind() == UserKind::Staff {
        return Vec::new();
    }
    let mask = fields::mask(ask);
    let Some(entry) = catalogue.kind(ask.facts.kind) else {
        return Vec::new();
    };
    entry
        .fields
        .iter()
        .zip(0u8..)
        .filter(|(_, number)| !mask.contains(*number))
        .map(|(name, _)| name.clone())
        .collect()
}
