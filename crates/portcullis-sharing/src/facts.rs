use crate::{Container, DefaultExposure, Exposure, Item, Lifecycle};
use portcullis_access::{ContainerKind, Grant, Kind, KindSet};
use portcullis_id::{ClientId, ContainerId, ItemId, UserId};

/// The object half of every decision about one item: small, `Copy`, from our rows or the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemFacts {
    /// Which item.
    pub item: ItemId,
    /// Its kind.
    pub kind: Kind,
    /// The kind as which it is judged: its own, or the one it is derived from (a task list as its
    /// tasks).
    pub judged_as: Kind,
    /// The kinds of the item and of all its parents, as which they are judged.
    pub path: KindSet,
    /// The client it belongs to.
    pub client: Option<ClientId>,
    /// The container it lives in.
    pub container: ContainerFacts,
    /// Its own switch.
    pub exposure: Exposure,
    /// The default in force when it was made.
    pub default: DefaultExposure,
    /// Whether it was made before the portal was first activated.
    pub older: bool,
    /// Where it stands in its life.
    pub lifecycle: Lifecycle,
    /// What hangs together with it.
    pub kin: Kin,
    /// Who made it on the portal.
    pub author: Option<UserId>,
    /// What ties one user to it, looked up for that user.
    pub bond: Option<Bond>,
}

/// What gates 6, 7, 9 and 10 need to know of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContainerFacts {
    /// Which container.
    pub id: ContainerId,
    /// Its kind.
    pub kind: ContainerKind,
    /// Its own switch.
    pub exposure: Exposure,
    /// The default in force when it was made.
    pub default: DefaultExposure,
    /// Where it stands in its life.
    pub lifecycle: Lifecycle,
    /// The areas that are closed in it.
    pub closed: KindSet,
}

/// How an item hangs together with others, where that bears on its exposure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kin {
    /// It stands alone: no parent bears on it.
    Alone,
    /// It hangs on a parent whose own settled verdict is `open`.
    Under {
        /// The parent's settled verdict.
        open: bool,
    },
    /// It is derived: exposed when one of its children is (V45, V46).
    Of {
        /// Whether one of its children is exposed and issued.
        open_child: bool,
    },
}

/// What ties one user to an item: looked up with the facts and worth nothing for anybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bond {
    /// For whom it was looked up.
    pub user: UserId,
    /// The user's grant of the container, if one.
    pub grant: Option<Grant>,
    /// Whether the item was distributed to the user (P8, P9).
    pub receives: bool,
}

impl Container {
    /// What the gates need to know of it.
    pub const fn facts(&self) -> ContainerFacts {
        ContainerFacts {
            id: self.id,
            kind: self.kind,
            exposure: self.exposure,
            default: self.default,
            lifecycle: self.lifecycle,
            closed: self.closed,
        }
    }

    /// The facts on which Create of an item of `kind` in this container is decided.
    pub const fn place_for(&self, kind: Kind, judged_as: Kind, bond: Option<Bond>) -> ItemFacts {
        ItemFacts {
            item: ItemId::from_uuid(self.id.uuid()),
            kind,
            judged_as,
            path: KindSet::of(judged_as),
            client: self.client,
            container: self.facts(),
            exposure: Exposure::Shown,
            default: DefaultExposure::Hidden,
            older: false,
            lifecycle: Lifecycle::Issued,
            kin: Kin::Alone,
            author: None,
            bond,
        }
    }
}

impl ItemFacts {
    /// The facts on which Create of an item of `kind` below this one is decided: those of the
    /// parent, with the new kind on the path.
    #[must_use]
    pub const fn place_for(mut self, kind: Kind, judged_as: Kind) -> Self {
        self.kind = kind;
        self.judged_as = judged_as;
        self.path = self.path.with(judged_as);
        self.author = None;
        self
    }

    /// The bond, if it was looked up for `user`.
    #[inline]
    pub fn bond_of(&self, user: UserId) -> Option<Bond> {
        self.bond.filter(|bond| bond.user == user)
    }

    /// The verdict of gates 9 and 10 about the item and its kin, without its container: what is
    /// settled into storage as `open`.
    pub fn item_side_open(&self) -> bool {
        crate::gates::exposure::item_exposed(self) && self.lifecycle.is_issued()
    }

    /// The facts of `item` in `container`.
    pub const fn of(
        item: &Item,
        judged_as: Kind,
        container: ContainerFacts,
        kin: Kin,
        bond: Option<Bond>,
    ) -> Self {
        Self {
            item: item.id,
            kind: item.kind,
            judged_as,
            path: item.path,
            client: item.client,
            container,
            exposure: item.exposure,
            default: item.default,
            older: item.older,
            lifecycle: item.lifecycle,
            kin,
            author: item.author,
            bond,
        }
    }
}
