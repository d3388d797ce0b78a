use crate::{Error, Me, Portal, PortalTx, Sight};
use portcullis_access::gates::{client_lock, client_usable, portal_active, standing};
use portcullis_access::{Answer, Client, Clients as _, Fields, Kind, Right, Verb, Viewer, may};
use portcullis_id::{ClientId, HostKey, Timestamp};
use portcullis_ledger::{Ledger as _, Scope, Store, StoreError, StoreExt as _};
use portcullis_sharing::{
    Container, Decision, Explanation, ItemFacts, Keyed, Located, Page, PageToken, Seen, containers,
    count, decide, explain, locate, page, up_to_date,
};
use std::cell::Cell;

/// What people see. Every answer is decided by the one rule, and comes with the proof that it was.
impl<S> Portal<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// One item of the host's: `load` is called only after the check, in the same snapshot, and
    /// what it returns is handed out as [`Seen`]. Hidden and absent are one answer.
    ///
    /// # Errors
    /// [`Hidden`](crate::ErrorKind::Hidden) for what is not there and for what is not theirs;
    /// whatever `load` says.
    pub fn open<T: Keyed>(
        &self,
        me: &Me,
        kind: Kind,
        key: impl Into<HostKey>,
        load: impl FnOnce(&mut S::Tx) -> Result<T, StoreError>,
    ) -> Result<Seen<T>, Error> {
        let key = key.into();
        let load = Cell::new(Some(load));
        self.look(me, me.at(), |tx, viewer| {
            let located = locate(tx, viewer, self.catalogue(), kind, key.clone())?
                .ok_or_else(|| Error::hidden(None))?;
            if let Decision::Deny(deny) = decide(viewer, Verb::View, located.facts(), me.at()) {
                return Err(Error::hidden(Some(deny.gate)));
            }
            let load = load.take().ok_or_else(|| Error::hidden(None))?;
            let value = load(tx)?;
            Seen::admit(viewer, &located, value, me.at())
                .map_err(|deny| Error::hidden(Some(deny.gate)))
        })
    }

    /// One item's facts and key, for asking what may be done with it.
    ///
    /// # Errors
    /// [`Hidden`](crate::ErrorKind::Hidden) for what is not there and for what is not theirs.
    pub fn find(
        &self,
        me: &Me,
        kind: Kind,
        key: impl Into<HostKey>,
    ) -> Result<Seen<Located>, Error> {
        self.find_as(me, kind, key, me.at())
    }

    /// The same for any viewer: a preview, for one.
    ///
    /// # Errors
    /// As [`Portal::find`].
    pub fn find_as(
        &self,
        sight: &(impl Sight + ?Sized),
        kind: Kind,
        key: impl Into<HostKey>,
        now: Timestamp,
    ) -> Result<Seen<Located>, Error> {
        let key = key.into();
        self.look(sight, now, |tx, viewer| {
            let located = locate(tx, viewer, self.catalogue(), kind, key.clone())?
                .ok_or_else(|| Error::hidden(None))?;
            Seen::facts_of(viewer, located, now).map_err(|deny| Error::hidden(Some(deny.gate)))
        })
    }

    /// One page of the items of a kind, newest first. Works for a session's viewer and a preview
    /// alike.
    ///
    /// # Errors
    /// Faults, a disagreement between list and rule among them; a preview that went out of date is
    /// [`Stale`](crate::ErrorKind::Stale): ask for it again.
    pub fn page(
        &self,
        sight: &(impl Sight + ?Sized),
        kind: Kind,
        after: Option<PageToken>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Page, Error> {
        self.look(sight, now, |tx, viewer| {
            Ok(page(tx, viewer, self.catalogue(), kind, after, limit, now)?)
        })
    }

    /// How many items of a kind, counted up to `cap`.
    ///
    /// # Errors
    /// Faults.
    pub fn count(
        &self,
        sight: &(impl Sight + ?Sized),
        kind: Kind,
        cap: u32,
        now: Timestamp,
    ) -> Result<u32, Error> {
        self.look(sight, now, |tx, viewer| {
            Ok(count(tx, viewer, self.catalogue(), kind, cap, now)?)
        })
    }

    /// The containers of one client that the viewer may enter, by kind, name and id.
    ///
    /// # Errors
    /// Faults.
    pub fn containers(
        &self,
        sight: &(impl Sight + ?Sized),
        client: ClientId,
        now: Timestamp,
    ) -> Result<Vec<Container>, Error> {
        self.look(sight, now, |tx, viewer| {
            Ok(containers(tx, viewer, Some(client), now)?)
        })
    }

    /// The clients the viewer works for or at, in the one order (B10 to B12).
    ///
    /// # Errors
    /// Faults.
    pub fn clients(
        &self,
        sight: &(impl Sight + ?Sized),
        now: Timestamp,
    ) -> Result<Vec<Client>, Error> {
        self.look(sight, now, |tx, viewer| {
            up_to_date(viewer, tx.revision(Scope::Policy)?)?;
            let usable = |client: &Client| {
                let held = viewer.held_at(Some(client.id));
                viewer.fresh_at(now)
                    && portal_active::passes(viewer)
                    && standing::passes(viewer)
                    && client_usable::passes(viewer, held)
                    && client_lock::passes(held)
            };
            // A client user has one or a few; beyond that one statement is cheaper than many.
            let many = viewer.every_client() || viewer.clients().count() > 8;
            let mut clients = if many {
                tx.clients()?
            } else {
                let mut named = Vec::new();
                for (id, _) in viewer.clients() {
                    named.extend(tx.client(id)?);
                }
                named.sort_by(Client::in_order);
                named
            };
            clients.retain(usable);
            Ok(clients)
        })
    }

    /// Whether `me` is up to date: nobody's rights have changed since it was read, and none of its
    /// doors has closed by [`Me::at`]. Lists over a host's own table are empty for one that is not;
    /// get it again from the session or the voucher. Everything else here does that by itself.
    ///
    /// # Errors
    /// Faults.
    pub fn fresh(&self, me: &Me) -> Result<bool, Error> {
        let revision = self.store().read(|tx| tx.revision(Scope::Policy))?;
        Ok(me.viewer().revision() == revision && me.viewer().fresh_at(me.at()))
    }

    /// May they do this for this client? The answer of the access core alone.
    pub fn may(
        &self,
        viewer: &Viewer,
        right: impl Into<Right>,
        client: Option<ClientId>,
        now: Timestamp,
    ) -> Answer {
        may(viewer, right, client, now)
    }

    /// Why may this viewer, or may they not? For staff.
    pub fn explain(
        &self,
        viewer: &Viewer,
        verb: Verb,
        facts: &ItemFacts,
        now: Timestamp,
    ) -> Explanation {
        explain(viewer, verb, facts, self.catalogue(), now)
    }

    /// Whether the viewer may see a field of a kind, and so also search, sort and group by it
    /// (P23, P24, P27). A field nobody registered is for staff alone.
    pub fn may_ask_about(&self, viewer: &Viewer, kind: Kind, field: &str) -> bool {
        let seen = viewer.fields(kind);
        match self.catalogue().field(kind, field) {
            Some(number) => seen.contains(number),
            None => seen == Fields::ALL && viewer.kind() == portcullis_access::UserKind::Staff,
        }
    }
}
