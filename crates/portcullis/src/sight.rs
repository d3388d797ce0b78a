use crate::{Error, ErrorKind, Me, Portal, PortalTx};
use portcullis_access::{Principal, Standings as _, Viewer};
use portcullis_id::{Standing, Timestamp};
use portcullis_ledger::{Actor, Store, StoreExt};
use portcullis_sharing::load_sight;

/// Through whose eyes a portal is read: a request's [`Me`], or a preview's [`Viewer`].
pub trait Sight {
    /// The subject half of every decision.
    fn viewer(&self) -> &Viewer;

    /// Who is behind it, where somebody is: then a viewer that went out of date, by what they did
    /// themselves in this very request, is read again. A preview is not: ask for it again.
    fn principal(&self) -> Option<&Principal>;
}

impl Sight for Me {
    fn viewer(&self) -> &Viewer {
        Self::viewer(self)
    }

    fn principal(&self) -> Option<&Principal> {
        Some(Self::principal(self))
    }
}

impl Sight for Viewer {
    fn viewer(&self) -> &Viewer {
        self
    }

    fn principal(&self) -> Option<&Principal> {
        None
    }
}

impl<S> Portal<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// Reads through somebody's eyes, in one snapshot; once more with a fresh viewer if theirs
    /// turns out to be of another policy revision than the snapshot.
    pub(crate) fn look<T>(
        &self,
        sight: &(impl Sight + ?Sized),
        now: Timestamp,
        look: impl Fn(&mut S::Tx, &Viewer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.store().read(|tx| {
            let seen = look(tx, sight.viewer());
            let (Err(error), Some(principal)) = (&seen, sight.principal()) else {
                return seen;
            };
            if error.kind() != ErrorKind::Stale {
                return seen;
            }
            let user = sight.viewer().user();
            let standing = match principal.actor() {
                Actor::User(user) => tx.standing(*user)?,
                _ => Standing::USABLE,
            };
            let (access, sharing) = (&self.rules().access, &self.rules().sharing);
            let viewer = load_sight(tx, user, standing, access, sharing, now)?
                .ok_or_else(Error::signed_out)?;
            look(tx, &viewer)
        })
    }
}
