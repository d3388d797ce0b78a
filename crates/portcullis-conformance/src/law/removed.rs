//! Whose account is removed while they are on a way in is refused: there is nothing to be done about
//! it, and nothing broken.

use super::ways::{Open, Way, with_ring};
use crate::{CredentialHarness, Draws, NOW};
use portcullis::credentials::{
    Accounts, CredentialTx, Digest, FactorKind, LockTimes, Purpose, ReserveFactor, Sealed, Token,
};
use portcullis::id::{Epoch, TokenId, UserId};
use portcullis::ledger::{Mode, Store, StoreError, StoreExt};
use std::sync::{Arc, Mutex};

/// Of every way, before each of its commits.
pub fn bug06_who_is_removed_between_two_commits_is_refused<H: CredentialHarness>() {
    for way in Way::ALL {
        for commit in 0.. {
            let kept = H::fresh();
            let store = Between {
                store: &kept,
                next: Mutex::default(),
            };
            let (accounts, ada) = with_ring(&store, &Arc::default());
            let open = Open::of(&accounts, ada, way);
            *store.next.lock().unwrap() = Some((commit, ada));
            let done = (open.finish)();
            let removed = store.next.lock().unwrap().is_none();
            assert_eq!(done, !removed, "{way:?}, before commit {commit}");
            if !removed {
                break;
            }
        }
    }
}

/// What counts and burns is kept for accounts alone, and says so where there is none.
pub fn nothing_is_counted_of_nobody<H: CredentialHarness>() {
    let store = H::fresh();
    let draws = Draws::seeded(7);
    let nobody = UserId::new(NOW, &draws).unwrap();
    let token = Token {
        id: TokenId::new(NOW, &draws).unwrap(),
        user: nobody,
        purpose: Purpose::SecondFactor,
        digest: Digest::from_bytes([7; 32]),
        epoch: Epoch::FIRST,
        created_at: NOW,
        expires_at: NOW,
    };
    let reserve = ReserveFactor {
        user: nobody,
        kind: FactorKind::Totp,
        now: NOW,
        lock: LockTimes::until(5, NOW),
    };
    let sealed = Sealed::from_stored("x1$none$nothing".to_owned());
    let done: Result<_, StoreError> = store.conditionally(|tx| {
        let tx: &mut dyn CredentialTx = tx;
        let counted = tx.reserve_factor(&reserve)?;
        Ok((
            counted,
            tx.offer_factor(nobody, &sealed)?,
            tx.put_token(&token)?,
        ))
    });
    assert_eq!(done.unwrap(), (None, false, false));
}

/// A store in which somebody's account is removed before one of the units of work.
struct Between<'s, S> {
    store: &'s S,
    next: Mutex<Option<(usize, UserId)>>,
}

impl<S> Store for Between<'_, S>
where
    S: Store,
    S::Tx: CredentialTx,
{
    type Tx = S::Tx;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut next = self.next.lock().unwrap();
        match next.take() {
            Some((0, user)) => assert!(self.store.write(|tx| tx.remove_account(user))?),
            Some((left, user)) => *next = Some((left - 1, user)),
            None => {}
        }
        drop(next);
        self.store.with_tx(mode, work)
    }
}
