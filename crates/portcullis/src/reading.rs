use crate::{Error, Me, Portal, PortalTx};
use portcullis_access::gates::{client_lock, client_usable, portal_active, standing};
use portcullis_access::{Answer, Client, Clients as _, Fields, Kind, Right, Verb, Viewer, may};
use portcullis_id::{ClientId, HostKey, Timestamp};
use portcullis_ledger::{Store, StoreError, StoreExt};
use portcullis_sharing::{
    Container, Decision, Explanation, ItemFacts, Keyed, Located, Page, PageToken, Seen, containers,
    count, explain, locate, page,
};

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
        let catalogue = self.catalogue();
        self.store().read(|tx| {
            let located = locate(tx, me.viewer(), catalogue, kind, key)?
                .ok_or_else(|| Error::hidden(None))?;
            if let Decision::Deny(deny) = me.may(Verb::View, located.facts()) {
                return Err(Error::hidden(Some(deny.gate)));
            }
            let value = load(tx)?;
            Seen::admit(me, &located, value, me.at()).map_err(|deny| Error::hidden(Some(deny.gate)))
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
        self.find_as(me.viewer(), kind, key, me.at())
    }

    /// The same for any viewer: a preview, for one.
    ///
    /// # Errors
    /// As [`Portal::find`].
    pub fn find_as(
        &self,
        viewer: &Viewer,
        kind: Kind,
        key: impl Into<HostKey>,
        now: Timestamp,
    ) -> Result<Seen<Located>, Error> {
        let key = key.into();
        let located = self
            .store()
            .read(|tx| locate(tx, viewer, self.catalogue(), kind, key))?
            .ok_or_else(|| Error::hidden(None))?;
        Seen::facts_of(viewer, located, now).map_err(|deny| Error::hidden(Some(deny.gate)))
    }

    /// One page of the items of a kind, newest first. Works for a session's viewer and a preview
    /// alike.
    ///
    /// # Errors
    /// Faults, a disagreement between list and rule among them.
    pub fn page(
        &self,
        viewer: &Viewer,
        kind: Kind,
        after: Option<PageToken>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Page, Error> {
        let catalogue = self.catalogue();
        Ok(self
            .store()
            .read(|tx| page(tx, viewer, catalogue, kind, after, limit, now))?)
    }

    /// How many items of a kind, counted up to `cap`.
    ///
    /// # Errors
    /// Faults.
    pub fn count(
        &self,
        viewer: &Viewer,
        kind: Kind,
        cap: u32,
        now: Timestamp,
    ) -> Result<u32, Error> {
        let catalogue = self.catalogue();
        Ok(self
            .store()
            .read(|tx| count(tx, viewer, catalogue, kind, cap, now))?)
    }

    /// The containers of one client that the viewer may enter, by kind, name and id.
    ///
    /// # Errors
    /// Faults.
    pub fn containers(
        &self,
        viewer: &Viewer,
        client: ClientId,
        now: Timestamp,
    ) -> Result<Vec<Container>, Error> {
        Ok(self
            .store()
            .read(|tx| containers(tx, viewer, Some(client), now))?)
    }

    /// The clients the viewer works for or at, in the one order (B10 to B12).
    ///
    /// # Errors
    /// Faults.
    pub fn clients(&self, viewer: &Viewer, now: Timestamp) -> Result<Vec<Client>, Error> {
        let usable = |client: &Client| {
            let held = viewer.held_at(Some(client.id));
            viewer.fresh_at(now)
                && portal_active::passes(viewer)
                && standing::passes(viewer)
                && client_usable::passes(viewer, held)
                && client_lock::passes(held)
        };
        self.store().read(|tx| {
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
