use crate::hashes::{Rehash, Run};
use crate::limits::Attempt;
use crate::passwords::over_long;
use crate::{Account, Cause, CredentialError, Credentials, DirectoryError, KdfError, KeyRingError};
use portcullis_id::{State, Timestamp, UserId};
use secrecy::SecretString;

/// What one run said about one attempt.
pub(crate) enum Verdict {
    Right(Account),
    Wrong(Account, Cause),
    Turned(Cause, Option<UserId>),
    Locked(Account, Timestamp),
    /// The key that its hash is sealed under is not in the ring.
    Unopened(Account),
    Unanswered(Account, DirectoryError),
}

impl Credentials {
    /// What the password amounts to, wherever it is kept, and the hash to keep of it from now on.
    pub(crate) fn weigh(
        &self,
        run: Run<'_>,
        attempt: Attempt,
        password: &SecretString,
        now: Timestamp,
    ) -> Result<(Verdict, Option<Rehash>), CredentialError> {
        match attempt {
            Attempt::Reserved(account) if account.directory => {
                // The hash that nobody needs is run all the same, and its turn is given back
                // before the directory makes anybody wait.
                run.waste()?;
                drop(run);
                let verdict = match self.ask_directory(&account, password, now) {
                    Ok(None) => Verdict::Right(account),
                    Ok(Some(cause)) => Verdict::Wrong(account, cause),
                    Err(error) => Verdict::Unanswered(account, error),
                };
                Ok((verdict, None))
            }
            attempt => {
                let verdict = self.verdict(&run, attempt, password)?;
                let rehash = self.rehash(&run, &verdict, password, now)?;
                Ok((verdict, rehash))
            }
        }
    }

    /// Exactly one run of the password kept here, whatever the attempt is (bugs 18 and 19).
    fn verdict(
        &self,
        run: &Run<'_>,
        attempt: Attempt,
        password: &SecretString,
    ) -> Result<Verdict, CredentialError> {
        let account = match attempt {
            Attempt::Reserved(account) => account,
            Attempt::Turned(cause, user) => {
                run.waste()?;
                return Ok(Verdict::Turned(cause, user));
            }
            Attempt::Locked(account, until) => {
                run.waste()?;
                return Ok(Verdict::Locked(account, until));
            }
        };
        let hash = account.password.as_ref();
        let Some(hash) = hash.filter(|_| !over_long(&self.policy, password)) else {
            run.waste()?;
            return Ok(Verdict::Wrong(account, Cause::PasswordTooLong));
        };
        // A lost key is for staff to hear of; a visitor meets a "no" like any other. Nobody guessed
        // anything, and a ring that lacks a key must not lock everybody who comes by.
        let hash = match self.open_hash(account.user, hash) {
            Ok(hash) => hash,
            Err(error) => {
                run.waste()?;
                return Ok(match error {
                    KeyRingError::Broken => Verdict::Wrong(account, Cause::SealedHash),
                    _ => Verdict::Unopened(account),
                });
            }
        };
        Ok(match run.verify(password, &hash) {
            Ok(true) => Verdict::Right(account),
            Ok(false) => Verdict::Wrong(account, Cause::WrongPassword),
            // It ran nothing, and must not look different from any other "no" (bug 30).
            Err(KdfError::Unusable(_)) => {
                run.waste()?;
                Verdict::Wrong(account, Cause::UnusableHash)
            }
            Err(error) => return Err(error.into()),
        })
    }
}

/// What speaks against signing `account` in, whatever the password.
pub(crate) fn no_sign_in(account: &Account, now: Timestamp) -> Option<Cause> {
    match account.standing().at(now) {
        State::Usable | State::ChangeDue => None,
        state => Some(Cause::Standing(state)),
    }
}
