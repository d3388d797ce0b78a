//! Gate 12: what the verb needs set up beside the right: an approver of this project (P19, P20,
//! P40, P41), authorship for changing what clients file (P46, choice 20), distribution for
//! receiving (P8, P9, P21). Staff need no set-up but distribution.

use super::{Ask, reach};
use portcullis_access::{UserKind, Verb};

/// Whether what the verb needs was set up for the asker.
#[inline]
pub fn passes(ask: &Ask<'_>) -> bool {
    let user = ask.viewer.user();
    match ask.verb {
        Verb::Receive => ask.facts.bond_of(user).is_some_and(|bond| bond.receives),
        _ if ask.viewer.kind() == UserKind::Staff => true,
        Verb::Approve => reach::grant(ask).is_some_and(|grant| grant.sets_up(Verb::Approve)),
        Verb::Edit | Verb::Delete => ask.facts.author == Some(user),
        _ => true,
    }
}
