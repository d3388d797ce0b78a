use crate::portal::Rules;
use crate::{Error, ErrorKind, Me, Portal, PortalTx};
use portcullis_access::{Principal, Viewer};
use portcullis_credentials::SessionCheck;
use portcullis_id::{Standing, State, Timestamp};
use portcullis_ledger::{Actor, Store, StoreExt};
use portcullis_sharing::load_sight;

/// Through whose eyes a portal is read: a request's [`Me`], or a preview's [`Viewer`].
pub trait Sight {
    /// The subject half of every decision.
    fn viewer(&self) -> &Viewer;

    /// The request behind it, where there is one: then a viewer that went out of date, by what they
    /// did themselves in this very request or because one of their doors has closed, is read
    /// again. A preview is not: ask for it again.
    fn me(&self) -> Option<&Me>;
}

impl Sight for Me {
    fn viewer(&self) -> &Viewer {
        Self::viewer(self)
    }

    fn me(&self) -> Option<&Me> {
        Some(self)
    }
}

impl Sight for Viewer {
    fn viewer(&self) -> &Viewer {
        self
    }

    fn me(&self) -> Option<&Me> {
        None
    }
}

impl<S> Portal<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// Reads through somebody's eyes, in one snapshot; with a fresh viewer if theirs has ended by
    /// `now`, and once more with one if it turns out to be of another policy revision than the
    /// snapshot.
    pub(crate) fn look<T>(
        &self,
        sight: &(impl Sight + ?Sized),
        now: Timestamp,
        look: impl Fn(&mut S::Tx, &Viewer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.store().read(|tx| {
            let Some(me) = sight.me() else {
                return look(tx, sight.viewer());
            };
            if me.viewer().fresh_at(now) {
                match look(tx, me.viewer()) {
                    Err(error) if error.kind() == ErrorKind::Stale => {}
                    seen => return seen,
                }
            }
            let viewer = again(tx, self.rules(), me, now)?;
            look(tx, &viewer)
        })
    }
}

/// The viewer of a request as it is now. A session that has ended since is not revived.
fn again(tx: &mut impl PortalTx, rules: &Rules, me: &Me, now: Timestamp) -> Result<Viewer, Error> {
    let standing = match me.secret() {
        Some(secret) => match rules.credentials.session(tx, secret, now)? {
            SessionCheck::Live(live) => live.standing(),
            SessionCheck::Ended(_) => return Err(Error::signed_out()),
        },
        None => standing_now(tx, me.principal(), me.standing(), now)?,
    };
    let user = me.viewer().user();
    load_sight(tx, user, standing, &rules.access, &rules.sharing, now)?
        .ok_or_else(Error::signed_out)
}

/// What somebody's account amounts to at `now`; `told` is what was answered for whoever did not
/// sign in here. Of a vouched-for user who has an account here too, the worse of both counts.
pub(crate) fn standing_now(
    tx: &mut (impl PortalTx + ?Sized),
    principal: &Principal,
    told: Standing,
    now: Timestamp,
) -> Result<Standing, Error> {
    match principal.actor() {
        Actor::User(user) => Ok(tx.standing(*user)?),
        Actor::External { user, .. } => Ok(worse(told, tx.standing(*user)?, now)),
        _ => Ok(told),
    }
}

/// That an account here waits for a password says nothing of somebody who needs none.
fn worse(told: Standing, here: Standing, now: Timestamp) -> Standing {
    let until = match (told.until(), here.until()) {
        (Some(told), Some(here)) => Some(told.min(here)),
        (told, here) => told.or(here),
    };
    let state = match (told.at(now), here.at(now)) {
        (State::Usable, State::Absent | State::Invited | State::ChangeDue) => State::Usable,
        (State::Usable, here) => here,
        (told, _) => told,
    };
    Standing::new(state, until)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);
    const SOON: Timestamp = Timestamp::from_millis(2_000);
    const LATER: Timestamp = Timestamp::from_millis(3_000);

    #[test]
    fn of_two_standings_the_worse_counts_and_the_sooner_end() {
        let of = |state| Standing::new(state, None);
        for state in [State::Suspended, State::Disabled, State::Expired] {
            assert_eq!(worse(Standing::USABLE, of(state), NOW), of(state));
            assert_eq!(worse(of(state), Standing::USABLE, NOW), of(state));
        }
        for waiting in [State::Invited, State::ChangeDue, State::Absent] {
            assert_eq!(worse(Standing::USABLE, of(waiting), NOW), Standing::USABLE);
            assert_eq!(worse(of(waiting), Standing::USABLE, NOW), of(waiting));
        }
        let (soon, later) = (
            Standing::new(State::Usable, Some(SOON)),
            Standing::new(State::Usable, Some(LATER)),
        );
        assert_eq!(worse(soon, later, NOW), soon);
        assert_eq!(worse(later, soon, NOW), soon);
        assert_eq!(worse(Standing::USABLE, soon, NOW), soon);
        assert_eq!(
            worse(soon, Standing::USABLE, LATER).at(LATER),
            State::Expired
        );
    }
}
