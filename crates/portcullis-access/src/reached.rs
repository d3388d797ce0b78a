use crate::{Right, Viewer, may};
use portcullis_id::{ClientId, Timestamp};

/// The clients for which a right is held: what a host's own list is filtered by, on its owner
/// column.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a filter that is not applied protects nothing"]
pub enum Reached {
    /// Every client, and what belongs to none: no filter.
    Every,
    /// These, in order of id. None at all is the empty list.
    These(Vec<ClientId>),
}

/// For which clients may this person do this? Agrees with [`may`] on every client.
///
/// ```
/// # use portcullis_access::{Reached, Right, Viewer, Kind, Verb, reached};
/// # use portcullis_id::Timestamp;
/// fn owner_filter(viewer: &Viewer, now: Timestamp) -> String {
///     match reached(viewer, Right::On(Verb::View, Kind::DOCUMENT), now) {
///         Reached::Every => "TRUE".to_owned(),
///         Reached::These(clients) if clients.is_empty() => "FALSE".to_owned(),
///         Reached::These(clients) => format!("d.client_id IN ({})", vec!["?"; clients.len()].join(", ")),
///     }
/// }
/// ```
pub fn reached(viewer: &Viewer, right: impl Into<Right>, now: Timestamp) -> Reached {
    let right = right.into();
    if viewer.every_client() && may(viewer, right, None, now).is_allow() {
        return Reached::Every;
    }
    let mut clients: Vec<_> = viewer
        .clients()
        .map(|(client, _)| client)
        .filter(|client| may(viewer, right, Some(*client), now).is_allow())
        .collect();
    clients.sort_unstable();
    Reached::These(clients)
}

impl Reached {
    /// Whether a row of this owner passes. One without an owner passes for [`Reached::Every`]
    /// alone.
    pub fn holds(&self, owner: Option<ClientId>) -> bool {
        match self {
            Self::Every => true,
            Self::These(clients) => {
                owner.is_some_and(|owner| clients.binary_search(&owner).is_ok())
            }
        }
    }
}
