use portcullis::PortalTx;
use portcullis::access::Viewer;
use portcullis::credentials::CredentialTx;
use portcullis::id::{HostKey, Timestamp};
use portcullis::ledger::Store;
use std::any::Any;

/// An adapter under test. See [`suite!`](crate::suite).
pub trait Harness {
    /// The adapter's store.
    type Store: Store<Tx: PortalTx>;

    /// Of the worlds each law is tried on, every how many-th: 1, or an odd number for a store that
    /// shares its statements with one that takes them all. An even one would leave out profiles.
    const EVERY: usize = 1;

    /// A new, empty store, ready for use.
    fn fresh() -> Self::Store;

    /// Whether there is what a store needs, as a server; prints what was skipped where not.
    fn ready() -> bool {
        true
    }

    /// Called behind each law that held, with its name: for what is to be looked at then, or
    /// behind the last of [`LAWS`](crate::LAWS).
    fn held(law: &'static str) {
        let _ = law;
    }

    /// A new, empty store as a server's threads use one (on disk, where there is one), and
    /// whatever must live as long as it.
    fn shared() -> (Self::Store, Box<dyn Any>) {
        (Self::fresh(), Box::new(()))
    }

    /// Everything that a thief of the database would have, byte for byte: files, or rows as text.
    /// The law that looks for secrets in it fails without one.
    fn dump(store: &Self::Store) -> Option<Vec<u8>> {
        let _ = store;
        None
    }

    /// Lists over a table of the host's own, if the adapter can: makes a table of these rows in
    /// the store's database, lists it through the adapter's own fragment, newest first, and
    /// answers the keys. `None` where the adapter has no tables.
    fn host_list(store: &Self::Store, list: &HostList<'_>) -> Option<Vec<HostKey>> {
        let _ = (store, list);
        None
    }
}

/// The store of a host that keeps accounts itself. See
/// [`credentials_suite!`](crate::credentials_suite).
pub trait CredentialHarness {
    /// The host's store.
    type Store: Store<Tx: CredentialTx>;

    /// A new, empty store, ready for use.
    fn fresh() -> Self::Store;

    /// Whether there is what a store needs, as a server; prints what was skipped where not.
    fn ready() -> bool {
        true
    }

    /// Called behind each law that held, as [`Harness::held`].
    fn held(law: &'static str) {
        let _ = law;
    }
}

/// A portal's store keeps accounts too.
impl<H: Harness> CredentialHarness for H {
    type Store = H::Store;
    fn fresh() -> Self::Store {
        H::fresh()
    }
    fn ready() -> bool {
        H::ready()
    }
    fn held(law: &'static str) {
        H::held(law);
    }
}

/// What [`Harness::host_list`] lists.
#[derive(Debug)]
pub struct HostList<'a> {
    /// For whom.
    pub viewer: &'a Viewer,
    /// Of which kind: documents, keyed by UUID.
    pub kind: portcullis::access::Kind,
    /// When.
    pub now: Timestamp,
    /// The host's rows.
    pub rows: &'a [HostRow],
}

/// One row of a host's table.
#[derive(Clone, Debug)]
pub struct HostRow {
    /// Its primary key.
    pub key: HostKey,
    /// When it was made, by which the list is ordered; then by key, falling.
    pub created_at: Timestamp,
    /// The host's own owner column: the key of a client.
    pub owner: Option<HostKey>,
}
