use crate::gates::{client_lock, client_usable, portal_active, right, standing};
use crate::{Deny, Gate, Right, Viewer};
use portcullis_id::{ClientId, Timestamp};

/// The answer of [`may`].
///
/// ```
/// # use portcullis_access::{Answer, NamedRight, Viewer, may};
/// # use portcullis_id::{ClientId, Timestamp};
/// fn add_user(viewer: &Viewer, client: ClientId, now: Timestamp) -> &'static str {
///     match may(viewer, NamedRight::MANAGE_USERS, Some(client), now) {
///         Answer::Allow => "added",
///         Answer::Deny(_) => "refused",
///     }
/// }
/// ```
///
/// It cannot be overlooked:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// # use portcullis_access::{NamedRight, Viewer, may};
/// # use portcullis_id::{ClientId, Timestamp};
/// fn add_user(viewer: &Viewer, client: ClientId, now: Timestamp) -> &'static str {
///     may(viewer, NamedRight::MANAGE_USERS, Some(client), now);
///     "added"
/// }
/// ```
///
/// Nor is a contact's id a client's:
///
/// ```compile_fail,E0308
/// # use portcullis_access::{Answer, NamedRight, Viewer, may};
/// # use portcullis_id::{ContactId, Timestamp};
/// fn add_user(viewer: &Viewer, contact: ContactId, now: Timestamp) -> Answer {
///     may(viewer, NamedRight::MANAGE_USERS, Some(contact), now)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "an answer that nobody looks at protects nothing"]
pub enum Answer {
    /// Yes.
    Allow,
    /// No, and the first gate that said so. Existence is never told: nothing was seen.
    Deny(Deny),
}

impl Answer {
    /// Whether the answer is yes.
    pub const fn is_allow(self) -> bool {
        matches!(self, Self::Allow)
    }
}

/// May this person do this for this client? The whole answer of the access core, without any
/// container or item. `None` asks about what belongs to no client, which staff of every client
/// alone can answer for.
///
/// Pure and total; allocates nothing; the cost does not grow with the viewer's clients.
#[inline]
pub fn may(
    viewer: &Viewer,
    asked: impl Into<Right>,
    client: Option<ClientId>,
    now: Timestamp,
) -> Answer {
    let asked = asked.into();
    let held = viewer.held_at(client);
    let refused = if !viewer.fresh_at(now) {
        Gate::Stale
    } else if !portal_active::passes(viewer) {
        Gate::PortalActive
    } else if !standing::passes(viewer) {
        Gate::Standing
    } else if !client_usable::passes(viewer, held) {
        Gate::ClientUsable
    } else if !client_lock::passes(held) {
        Gate::ClientLock
    } else if !right::holds(held, asked) {
        Gate::Right
    } else {
        return Answer::Allow;
    };
    Answer::Deny(Deny::hidden(refused))
}

const WALK: [Gate; 6] = [
    Gate::Stale,
    Gate::PortalActive,
    Gate::Standing,
    Gate::ClientUsable,
    Gate::ClientLock,
    Gate::Right,
];
const _: () = assert!(
    Gate::in_order(&WALK),
    "`may` walks the gates in their order"
);
