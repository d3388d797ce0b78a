use crate::{DefaultExposure, Exposure, Lifecycle};
use portcullis_access::{Kind, KindSet};
use portcullis_id::{ClientId, ContainerId, HostKey, ItemId, Timestamp, UserId};

/// An item: what can be shown or hidden one by one. Its content is the host's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Our id.
    pub id: ItemId,
    /// Its kind. A number nobody registered is kept, and denied.
    pub kind: Kind,
    /// The host's key, unique among items of the kind.
    pub key: HostKey,
    /// The container it lives in.
    pub container: ContainerId,
    /// The client of that container.
    pub client: Option<ClientId>,
    /// The item it hangs on: a comment on a document, a task in a task list.
    pub parent: Option<ItemId>,
    /// The kinds as which it and all its parents are judged at gates 7 and 8.
    pub path: KindSet,
    /// Its own switch.
    pub exposure: Exposure,
    /// The default in force when it was made.
    pub default: DefaultExposure,
    /// Whether it was made before the portal was first activated (V33).
    pub older: bool,
    /// Where it stands in its life.
    pub lifecycle: Lifecycle,
    /// The user who made it on the portal, if one did (choice 9).
    pub author: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Where it stands in lists, which begin with the greatest, and at the same one with the greatest
    /// id. The milliseconds of [`created_at`](Self::created_at), or whatever the host orders its own
    /// list by, copied here.
    pub sort: i64,
    /// The settled verdict of gates 9 and 10 about the item and its parents. The container's is
    /// joined, never settled into it.
    pub open: bool,
}
