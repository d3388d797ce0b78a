//! Whose account is removed while they are on a way in is refused: there is nothing to be done about
//! it, and nothing broken.

use super::attempts::Accounts;
use super::ways::{Open, Way, with_ring};
use crate::{CredentialHarness, Draws, NOW};
use portcullis::credentials::{
    Accounts as _, CredentialTx, Digest, FactorKind, Lock, LockTimes, Purpose, ReserveFactor,
    Sealed, Session, Token,
};
use portcullis::id::{Epoch, SessionId, TokenId, UserId};
use portcullis::ledger::{Mode, Store, StoreError, StoreExt};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

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
    let nobody = UserId::new(NOW, &Draws::seeded(8)).unwrap();
    let kept = Kept::of(nobody);
    let done: Result<_, StoreError> = store.conditionally(|tx| {
        let tx: &mut dyn CredentialTx = tx;
        Ok((
            tx.reserve_factor(&kept.reserve)?,
            tx.offer_factor(nobody, &kept.sealed)?,
            tx.put_token(&kept.token)?,
            tx.add_session(&kept.session)?,
        ))
    });
    assert_eq!(done.unwrap(), (None, false, false, false));
}

/// How long a removal takes that has removed the account and not ended yet.
const REMOVING: Duration = Duration::from_millis(150);

/// Whose account is going while something is to be kept for it is nobody already: what keeps it waits
/// for the removal, on a database with many writers too, and keeps nothing.
pub fn bug06_who_is_removed_while_it_is_counted_is_refused<H: CredentialHarness>() {
    type Keep<'k> = &'k (dyn Fn(&mut dyn CredentialTx, &Kept) -> Result<bool, StoreError> + Sync);
    let keeps: [(&str, Keep<'_>); 4] = [
        ("token", &|tx, kept| tx.put_token(&kept.token)),
        ("session", &|tx, kept| tx.add_session(&kept.session)),
        ("factor", &|tx, kept| {
            tx.offer_factor(kept.token.user, &kept.sealed)
        }),
        ("count", &|tx, kept| {
            Ok(tx.reserve_factor(&kept.reserve)?.is_some())
        }),
    ];
    for (what, keep) in keeps {
        // With what is there already, and goes with the account, and without.
        for again in [false, true] {
            let store = H::fresh();
            let user = Accounts::of(&store, Lock::UntilAdmin, 64).add("ada");
            let kept = Kept::of(user);
            if again && what != "session" {
                assert!(store.conditionally(|tx| keep(tx, &kept)).unwrap(), "{what}");
            }
            let (going, gone) = mpsc::channel();
            let done = std::thread::scope(|scope| {
                let (store, kept) = (&store, &kept);
                let keeping = scope.spawn(move || {
                    gone.recv_timeout(Duration::from_secs(60)).unwrap();
                    store.conditionally(|tx| keep(tx, kept))
                });
                let removed = store.write(|tx| {
                    let removed = tx.remove_account(user)?;
                    going.send(()).unwrap();
                    std::thread::sleep(REMOVING);
                    Ok::<_, StoreError>(removed)
                });
                assert!(removed.unwrap());
                keeping.join().unwrap()
            });
            let done = done.map_err(|error| error.to_string());
            assert_eq!(done, Ok(false), "{what}, again: {again}");
        }
    }
}

/// What may be kept for somebody.
struct Kept {
    token: Token,
    session: Session,
    reserve: ReserveFactor,
    sealed: Sealed,
}

impl Kept {
    fn of(user: UserId) -> Self {
        let draws = Draws::seeded(7);
        let digest = || Digest::from_bytes([7; 32]);
        Self {
            token: Token {
                id: TokenId::new(NOW, &draws).unwrap(),
                user,
                purpose: Purpose::SecondFactor,
                digest: digest(),
                epoch: Epoch::FIRST,
                created_at: NOW,
                expires_at: NOW,
            },
            session: Session {
                id: SessionId::new(NOW, &draws).unwrap(),
                user,
                digest: digest(),
                epoch: Epoch::FIRST,
                created_at: NOW,
                seen_at: NOW,
            },
            reserve: ReserveFactor {
                user,
                kind: FactorKind::Totp,
                now: NOW,
                lock: LockTimes::until(5, NOW),
            },
            sealed: Sealed::from_stored("x1$none$nothing".to_owned()),
        }
    }
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
