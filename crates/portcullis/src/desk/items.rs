use super::{Desk, Run};
use crate::{Error, PortalTx};
use portcullis_access::{Kind, Verb, Viewer};
use portcullis_id::{ContainerId, HostKey, ItemId, UserId};
use portcullis_sharing::command::item::{self, NewItem, Place};
use portcullis_sharing::{Decision, Exposure, Lifecycle, SharingAct, decide};
use uuid::Uuid;

/// Where something new goes: a container, another item, or a client's root.
pub trait Newcomer {
    /// The place.
    fn place(self) -> Place;
}

impl<C: Into<ContainerId>> Newcomer for C {
    fn place(self) -> Place {
        Place::In(self.into())
    }
}

/// What the host knows under its own keys: placing it, and its switch.
impl<R: Run> Desk<'_, R> {
    /// Places an item of the host's in a container, with the default exposure in force.
    ///
    /// # Errors
    /// As [`item::place`].
    pub fn place(
        &self,
        kind: Kind,
        key: impl Into<HostKey>,
        into: impl Newcomer,
    ) -> Result<ItemId, Error> {
        self.place_at(kind, key.into(), into.place())
    }

    /// Places an item that stands in lists where the host's own list has it: the greatest `sort`
    /// first, and not the newest. For milliseconds both are the same.
    ///
    /// # Errors
    /// As [`item::place`].
    pub fn place_sorted(
        &self,
        kind: Kind,
        key: impl Into<HostKey>,
        into: impl Newcomer,
        sort: i64,
    ) -> Result<ItemId, Error> {
        self.placed(kind, key.into(), into.place(), Some(sort))
    }

    /// Places an item below another one: a comment on a document.
    ///
    /// # Errors
    /// As [`item::place`].
    pub fn place_under(
        &self,
        kind: Kind,
        key: impl Into<HostKey>,
        parent: ItemId,
    ) -> Result<ItemId, Error> {
        self.place_at(kind, key.into(), Place::Under(parent))
    }

    /// Places an item anywhere.
    ///
    /// # Errors
    /// As [`item::place`].
    pub fn place_at(&self, kind: Kind, key: HostKey, place: Place) -> Result<ItemId, Error> {
        self.placed(kind, key, place, None)
    }

    /// Says where an item stands in lists: call it in the transaction in which the host changes what
    /// its own list is ordered by. Whoever may edit the item may.
    ///
    /// # Errors
    /// As [`item::set_sort`]; hidden for a key that is not there.
    pub fn set_sort(&self, kind: Kind, key: impl Into<HostKey>, sort: i64) -> Result<(), Error> {
        self.on_item("item.sort", kind, key.into(), |tx, act, id| {
            Ok(item::set_sort(tx, act, id, sort)?)
        })
    }

    /// Sets the "Show on portal" switch of an item, at once (V35).
    ///
    /// # Errors
    /// As [`item::set_exposure`]; hidden for a key that is not there.
    pub fn share(
        &self,
        kind: Kind,
        key: impl Into<HostKey>,
        exposure: Exposure,
    ) -> Result<(), Error> {
        self.on_item("item.share", kind, key.into(), |tx, act, id| {
            Ok(item::set_exposure(tx, act, id, exposure)?)
        })
    }

    /// Issues an item, makes it a draft again, or withdraws it (P49).
    ///
    /// # Errors
    /// As [`item::set_lifecycle`]; hidden for a key that is not there.
    pub fn set_lifecycle(
        &self,
        kind: Kind,
        key: impl Into<HostKey>,
        lifecycle: Lifecycle,
    ) -> Result<(), Error> {
        self.on_item("item.lifecycle", kind, key.into(), |tx, act, id| {
            Ok(item::set_lifecycle(tx, act, id, lifecycle)?)
        })
    }

    /// Removes an item; the host removes its row in the same transaction.
    ///
    /// # Errors
    /// As [`item::remove`]; hidden for a key that is not there.
    pub fn remove(&self, kind: Kind, key: impl Into<HostKey>) -> Result<(), Error> {
        self.on_item("item.remove", kind, key.into(), |tx, act, id| {
            Ok(item::remove(tx, act, id)?)
        })
    }

    /// Distributes an item to a user by mail, or stops that (P8, P9).
    ///
    /// # Errors
    /// As [`item::distribute`]; hidden for a key that is not there.
    pub fn distribute(
        &self,
        kind: Kind,
        key: impl Into<HostKey>,
        user: UserId,
        on: bool,
    ) -> Result<(), Error> {
        self.on_item("item.distribute", kind, key.into(), |tx, act, id| {
            Ok(item::distribute(tx, act, id, user, on)?)
        })
    }

    fn placed(
        &self,
        kind: Kind,
        key: HostKey,
        place: Place,
        sort: Option<i64>,
    ) -> Result<ItemId, Error> {
        let target = self.named(kind, &key);
        self.act_on("item.place", target, |tx, act| {
            let new = NewItem {
                kind,
                key,
                place,
                sort,
            };
            Ok(item::place(tx, act, new)?)
        })
    }

    fn on_item(
        &self,
        action: &str,
        kind: Kind,
        key: HostKey,
        command: impl FnOnce(&mut dyn PortalTx, &SharingAct<'_>, ItemId) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let target = self.named(kind, &key);
        self.act_on(action, target, |tx, act| {
            let catalogue = act.rules().catalogue();
            let key = catalogue
                .check_item_key(kind, key)
                .map_err(portcullis_access::Error::from)?;
            // Nobody has the nil id, so an operator has no bond.
            let user = act
                .viewer()
                .map_or(UserId::from_uuid(Uuid::nil()), Viewer::user);
            let row = tx
                .row(kind, &key, user)?
                .row
                .ok_or_else(|| Error::hidden(None))?;
            // What is hidden ends here too, after the same statement as what is absent.
            if let Some(viewer) = act.viewer()
                && let Decision::Deny(deny) =
                    decide(viewer, Verb::View, &row.facts(catalogue), act.now())
            {
                return Err(Error::hidden(Some(deny.gate)));
            }
            command(tx, act, row.item.id)
        })
    }

    fn named(&self, kind: Kind, key: &HostKey) -> String {
        match self.rules().access.catalogue().kind(kind) {
            Some(entry) => format!("{}:{key}", entry.name),
            None => format!("kind {}:{key}", kind.number()),
        }
    }
}
