use super::verdict::{Verdict, no_sign_in};
use crate::hashes::Rehash;
use crate::limits::{Attempt, Visit};
use crate::{
    Account, Cause, ChangePassword, CredentialError, CredentialTx, Credentials, EnrolFactor,
    LoginName, Proof, Refusal, SecondFactor, Source, Step, Who,
};
use portcullis_id::Timestamp;
use portcullis_ledger::{Actor, Store};
use secrecy::SecretString;

/// The outcome of a sign-in: each arm carries the only way on.
///
/// There is no way from an open step to a session but through its answer:
///
/// ```compile_fail,E0308
/// use portcullis_credentials::*;
/// # use portcullis_id::Timestamp; use portcullis_ledger::Store;
/// fn skip<S: Store>(c: &Credentials, store: &S, step: Step<ChangePassword>, now: Timestamp)
/// where S::Tx: CredentialTx {
///     let _ = c.start_session(store, step, now); // wants a `Proof`
/// }
/// ```
///
/// Nor past a second factor:
///
/// ```compile_fail,E0308
/// use portcullis_credentials::*;
/// # use portcullis_id::Timestamp; use portcullis_ledger::Store;
/// fn skip<S: Store>(c: &Credentials, store: &S, step: Step<SecondFactor>, now: Timestamp)
/// where S::Tx: CredentialTx {
///     let _ = c.start_session(store, step, now); // wants a `Proof`
/// }
/// ```
///
/// Nor does the answer to one kind of step open another:
///
/// ```compile_fail,E0308
/// use portcullis_credentials::*;
/// # use portcullis_id::Timestamp; use portcullis_ledger::Store;
/// fn wrong<S: Store>(c: &Credentials, store: &S, step: Step<SecondFactor>, new: &SecretString, from: &Source, now: Timestamp)
/// where S::Tx: CredentialTx {
///     let _ = c.set_new_password(store, step, new, from, now); // wants a `Step<ChangePassword>`
/// }
/// ```
///
/// And it cannot be overlooked:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// use portcullis_credentials::*;
/// # use portcullis_id::Timestamp; use portcullis_ledger::Store;
/// fn careless<S: Store>(c: &Credentials, store: &S, password: &SecretString, from: &Source, now: Timestamp) -> Result<(), CredentialError>
/// where S::Tx: CredentialTx {
///     c.sign_in(store, "ada", password, from, now)?;
///     Ok(())
/// }
/// ```
#[derive(Debug)]
#[must_use = "the sign-in may have been refused, or may wait for a further step"]
#[non_exhaustive]
pub enum SignIn {
    /// Signed in: [`start_session`](Credentials::start_session) with the proof.
    Done(Proof),
    /// A new password must be set first (S52, S53): ask for it, and answer with
    /// [`set_new_password`](Credentials::set_new_password).
    ChangePassword(Step<ChangePassword>),
    /// A code of the second factor must be given: ask for it, and answer with
    /// [`second_factor`](Credentials::second_factor).
    SecondFactor(Step<SecondFactor>),
    /// A second factor is enforced and not set up (S29): show what
    /// [`offer_factor`](Credentials::offer_factor) gives, and answer with
    /// [`enrol_factor`](Credentials::enrol_factor).
    EnrolFactor(Step<EnrolFactor>),
    /// No. Show [`Refusal::shown`] and nothing else.
    Refused(Refusal),
}

impl Credentials {
    /// Signs in with name and password, which for some is the directory's (S30).
    ///
    /// The attempt is counted in a commit of its own before the password is looked at, one hash
    /// is computed in every branch, and the outcome is settled in a second commit: that is why it
    /// takes the store and no unit of work, whose rollback would forget the attempt (bug 4):
    ///
    /// ```compile_fail,E0277
    /// use portcullis_credentials::*;
    /// # use portcullis_id::Timestamp; use portcullis_ledger::Store;
    /// fn inside(c: &Credentials, tx: &mut dyn CredentialTx, password: &SecretString, from: &Source, now: Timestamp) {
    ///     let _ = c.sign_in(tx, "ada", password, from, now); // a unit of work is no `Store`
    /// }
    /// ```
    ///
    /// Every refusal costs that one hash, but for those that tell of nobody's account: the portal
    /// is busy, or the source has asked too often (bug 12). A sign-in that succeeds costs a second one where the
    /// stored hash is [outdated](crate::Kdf::outdated), once an account: the password is hashed
    /// anew and takes the old hash's place.
    ///
    /// # Errors
    /// [`CredentialError`] when storage, randomness or the function fails; an attempt that was
    /// counted stays counted. Whatever the visitor did wrong is [`SignIn::Refused`].
    pub fn sign_in<S>(
        &self,
        store: &S,
        name: &str,
        password: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<SignIn, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        let name = LoginName::parse(name);
        let Some(run) = self.hasher.run() else {
            return Ok(SignIn::Refused(Refusal::new(Cause::Overloaded)));
        };
        let attempt = match &name {
            Ok(name) => self.reserve(store, Who::Named(name.key()), visit)?,
            Err(_) => self
                .admitted(store, visit)?
                .map(|()| Attempt::Turned(Cause::UnusableName, None)),
        };
        let attempt = match attempt {
            Ok(attempt) => attempt,
            Err(refusal) => return Ok(SignIn::Refused(refusal)),
        };
        let (verdict, rehash) = self.weigh(run, attempt, password, now)?;
        self.close(store, verdict, now, |tx, verdict| match verdict {
            Verdict::Right(account) => self.let_in(tx, &account, rehash.as_ref(), visit),
            other => self.turn_away(tx, other, visit).map(SignIn::Refused),
        })
    }

    /// The password of `account` was right: whether they may come in, and through which door.
    fn let_in<Tx: CredentialTx + 'static>(
        &self,
        tx: &mut Tx,
        account: &Account,
        rehash: Option<&Rehash>,
        visit: Visit<'_>,
    ) -> Result<SignIn, CredentialError> {
        let user = account.user;
        let refused = |tx: &mut Tx, cause| {
            self.refuse(tx, cause, Some(user), visit)
                .map(SignIn::Refused)
        };
        if let Some(cause) = no_sign_in(account, visit.now) {
            // It stays counted, and may have been the one that locks.
            let refusal = self.refuse_counted(tx, account, cause, visit)?;
            return Ok(SignIn::Refused(refusal));
        }
        // Wrong passwords are forgotten by the last factor that is right, not by the first.
        let demand = Self::demand(tx, user)?;
        let moved = match demand {
            None => self.settle_reserved(tx, account, visit)?,
            Some(_) => self.hold(tx, account, visit)?,
        };
        let Some(account) = moved else {
            return refused(tx, Cause::Superseded);
        };
        // Once more on the row as it is now: its end may have been set while the hash ran.
        if let Some(cause) = no_sign_in(&account, visit.now) {
            return refused(tx, cause);
        }
        // A password that is about to be replaced is not worth a new hash.
        if let Some(rehash) = rehash.filter(|_| !account.change_due) {
            rehash.keep(tx, user, &self.trail(&Actor::User(user), visit.now))?;
        }
        self.onward(tx, &account, demand, visit)
    }
}
