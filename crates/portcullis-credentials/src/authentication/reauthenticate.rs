use super::verdict::Verdict;
use super::whole::{Undone, whole};
use crate::factors::{Counted, Demand};
use crate::hashes::Rehash;
use crate::limits::Visit;
use crate::{
    Account, AccountEvent, Cause, CredentialError, CredentialTx, Credentials, Digest, FactorCode,
    Factors, LiveSession, Refusal, SessionCheck, SessionSecret, Sessions, Source, Who,
};
use portcullis_id::{EntropyError, SessionId, State, Timestamp, UserId, minutes};
use portcullis_ledger::{Actor, Store, StoreExt};
use secrecy::SecretString;

/// What came of asking somebody who is signed in who they are, once more.
#[derive(Debug)]
#[must_use = "they may not have confirmed who they are"]
pub enum Reauthentication {
    /// They have. The session goes on under a new secret, for the cookie (ASVS 7.2.4).
    Confirmed(Fresh, SessionSecret),
    /// They have a second factor: ask for a code of it together with the password. Nothing was
    /// looked at, and nothing counted.
    CodeDue,
    /// No.
    Refused(Refusal),
}

/// What somebody who is signed in gives to confirm it.
#[derive(Clone, Copy, Debug)]
pub enum Current<'a> {
    /// The password that is in force.
    Password(&'a SecretString),
    /// The same, with a code of their second factor.
    PasswordAndCode(&'a SecretString, FactorCode<'a>),
}

/// Somebody who is signed in has just given everything that signs them in. What changes their own
/// credentials asks for it (ASVS 7.5.1), and nothing makes one but
/// [`Credentials::reauthenticate`]:
///
/// ```compile_fail,E0451
/// use portcullis_credentials::Fresh;
/// use portcullis_id::{Timestamp, UserId};
/// fn forge(user: UserId, at: Timestamp) -> Fresh {
///     Fresh { user, at }
/// }
/// ```
///
/// It is good for [`fresh_minutes`](crate::CredentialSettings::fresh_minutes), in the session and
/// the generation of credentials that it was made in: the session's end, a further confirmation and
/// any change of what signs them in end it. It is made to be used in the request that made it, and
/// cannot be copied or written down.
///
/// ```compile_fail,E0599
/// fn twice(fresh: &portcullis_credentials::Fresh) -> portcullis_credentials::Fresh { (*fresh).clone() }
/// ```
#[derive(Debug)]
#[must_use = "nothing is changed by the confirmation alone"]
pub struct Fresh {
    user: UserId,
    session: SessionId,
    digest: Digest,
    at: Timestamp,
}

impl Fresh {
    /// Who.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// In which session.
    pub const fn session(&self) -> SessionId {
        self.session
    }
}

impl Credentials {
    /// Asks who is signed in for their current password, kept here or in the directory, and for a
    /// code where they have a second factor. Wrong ones count like wrong ones at a sign-in (S19);
    /// session, standing and lock are checked at the start and again at the finish (bug 6).
    ///
    /// ```
    /// use portcullis_credentials::*;
    /// # use portcullis_id::Timestamp; use portcullis_ledger::Store;
    /// # fn form<S: Store>(c: &Credentials, store: &S, live: &LiveSession, current: &SecretString, new: &SecretString, from: &Source, now: Timestamp)
    /// # -> Result<(), CredentialError> where S::Tx: CredentialTx {
    /// match c.reauthenticate(store, live, Current::Password(current), from, now)? {
    ///     Reauthentication::Confirmed(fresh, _cookie) => {
    ///         let _ = c.change_password(store, &fresh, new, from, now)?;
    ///     }
    ///     Reauthentication::CodeDue => println!("and the code of your app, please"),
    ///     Reauthentication::Refused(refusal) => println!("{}", refusal.shown()),
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CredentialError`] when storage, randomness or the function fails, or a secret does not
    /// open; an attempt that was counted stays counted.
    pub fn reauthenticate<S>(
        &self,
        store: &S,
        live: &LiveSession,
        current: Current<'_>,
        source: &Source,
        now: Timestamp,
    ) -> Result<Reauthentication, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        let user = live.proof().user();
        let (current, code) = match current {
            Current::Password(password) => (password, None),
            Current::PasswordAndCode(password, code) => (password, Some(code)),
        };
        let begun = store.read(|tx| {
            let factor = tx.factor(user)?.filter(|factor| factor.secret.is_some());
            let usable = self.usable(tx, live.digest(), now)?;
            Ok::<_, CredentialError>(usable.map(|_| factor))
        })?;
        let factor = match begun {
            Ok(factor) => factor,
            Err(cause) => {
                return self
                    .refuse_admitted(store, (cause, Some(user)), visit)
                    .map(Reauthentication::Refused);
            }
        };
        if factor.is_some() && code.is_none() {
            return Ok(Reauthentication::CodeDue);
        }
        let Some(run) = self.hasher.run() else {
            return Ok(Reauthentication::Refused(Refusal::new(Cause::Overloaded)));
        };
        let attempt = match self.reserve(store, Who::User(user), visit)? {
            Ok(attempt) => attempt,
            Err(refusal) => return Ok(Reauthentication::Refused(refusal)),
        };
        let (verdict, rehash) = self.weigh(run, attempt, current, now)?;
        let account = match verdict {
            Verdict::Right(account) => account,
            other => {
                return self
                    .close(store, other, now, |tx, verdict| {
                        self.turn_away(tx, verdict, visit)
                    })
                    .map(Reauthentication::Refused);
            }
        };
        let counted = match factor.zip(code) {
            None => None,
            Some((factor, code)) => {
                // Wrong passwords are forgotten by the right code, not by the right password.
                let held = store.conditionally(|tx| self.hold(tx, &account, visit))?;
                if held.is_none() {
                    let why = Cause::Superseded;
                    return store
                        .conditionally(|tx| self.refuse(tx, why, Some(user), visit))
                        .map(Reauthentication::Refused);
                }
                match self.count_code(store, &factor, code, visit)? {
                    Ok(counted) => Some(counted),
                    Err(refusal) => return Ok(Reauthentication::Refused(refusal)),
                }
            }
        };
        store.write(|tx| self.confirm(tx, live, &account, counted.as_ref(), rehash.as_ref(), visit))
    }

    /// The finish of a confirmation whose password was right.
    fn confirm<Tx: CredentialTx + 'static>(
        &self,
        tx: &mut Tx,
        live: &LiveSession,
        reserved: &Account,
        code: Option<&Counted>,
        rehash: Option<&Rehash>,
        visit: Visit<'_>,
    ) -> Result<Reauthentication, CredentialError> {
        let user = reserved.user;
        let refused = |tx: &mut Tx, cause| {
            self.refuse(tx, cause, Some(user), visit)
                .map(Reauthentication::Refused)
        };
        if (Self::demand(tx, user)? == Some(Demand::Code)) != code.is_some() {
            return refused(tx, Cause::Superseded);
        }
        if let Some(code) = code
            && let Some(cause) = self.spend_code(tx, user, code, visit)?
        {
            return self
                .refuse_code(tx, user, code, cause, visit)
                .map(Reauthentication::Refused);
        }
        // First, because the lock that this very attempt reached is none.
        if self.settle_reserved(tx, reserved, visit)?.is_none() {
            return refused(tx, Cause::Superseded);
        }
        if let Err(cause) = self.usable(tx, live.digest(), visit.now)? {
            return refused(tx, cause);
        }
        let secret = SessionSecret::fresh(&*self.entropy)?;
        let digest = secret.digest().ok_or_else(EntropyError::exhausted)?;
        if !tx.rotate_session(live.id(), live.digest(), &digest)? {
            return refused(tx, Cause::Superseded);
        }
        let actor = Actor::User(user);
        let trail = self.trail(&actor, visit.now);
        if let Some(rehash) = rehash {
            rehash.keep(tx, user, &trail)?;
        }
        if let Some(code) = code {
            self.code_used(tx, user, code, visit.now)?;
        }
        let detail = format!("from {}", visit.source);
        trail.record(tx, AccountEvent::Confirmed, Some(user), detail)?;
        let fresh = Fresh {
            user,
            session: live.id(),
            digest,
            at: visit.now,
        };
        Ok(Reauthentication::Confirmed(fresh, secret))
    }

    /// The account behind a confirmation, if it still counts and the account may be used (bug 6).
    pub(crate) fn confirmed(
        &self,
        tx: &mut dyn CredentialTx,
        fresh: &Fresh,
        now: Timestamp,
    ) -> Result<Result<Account, Cause>, CredentialError> {
        if now
            >= fresh
                .at
                .after(minutes(self.policy.settings().fresh_minutes))
        {
            return Ok(Err(Cause::NotFresh));
        }
        self.usable(tx, &fresh.digest, now)
    }

    /// Runs `change` in one unit of work, behind a confirmation. `None` of `change`: the account
    /// has moved on. The inner error is for the user.
    pub(crate) fn behind<S, T>(
        &self,
        store: &S,
        fresh: &Fresh,
        visit: Visit<'_>,
        change: impl FnOnce(&mut dyn CredentialTx, &Account) -> Result<Option<T>, CredentialError>,
    ) -> Result<Result<T, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let refused = |cause| Undone::Refused((cause, Some(fresh.user)));
        let done = whole(store, |tx| {
            let account = self.confirmed(tx, fresh, visit.now)?.map_err(refused)?;
            change(tx, &account)?.ok_or(refused(Cause::Superseded))
        })?;
        match done {
            Ok(done) => Ok(Ok(done)),
            Err(why) => self.refused(store, why, visit).map(Err),
        }
    }

    /// The account of the session with this digest, if the session is live and nothing is locked.
    fn usable<T: Sessions + ?Sized>(
        &self,
        tx: &mut T,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Result<Account, Cause>, CredentialError> {
        let Some((session, account)) = tx.session(digest)? else {
            return Ok(Err(Cause::Superseded));
        };
        if let SessionCheck::Ended(_) = self.judge(&session, &account, now) {
            return Ok(Err(match account.standing().at(now) {
                State::Usable => Cause::Superseded,
                state => Cause::Standing(state),
            }));
        }
        Ok(match account.tries.locked(now) {
            Some(until) => Err(Cause::Locked(until)),
            None => Ok(account),
        })
    }
}
