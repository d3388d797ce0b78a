use super::verdict::Verdict;
use crate::limits::{Counter, Visit};
use crate::{Account, AccountEvent, Cause, CredentialError, CredentialTx, Credentials, Refusal};
use portcullis_id::UserId;
use portcullis_ledger::Actor;

impl Credentials {
    /// A "no" with its audit entry.
    pub(crate) fn refuse(
        &self,
        tx: &mut dyn CredentialTx,
        cause: Cause,
        user: Option<UserId>,
        visit: Visit<'_>,
    ) -> Result<Refusal, CredentialError> {
        let detail = format!("{cause}, from {}", visit.source);
        self.trail(&Actor::Visitor, visit.now)
            .record(tx, AccountEvent::Refused, user, detail)?;
        Ok(Refusal::new(cause))
    }

    /// A "no" to an attempt that was counted, and may have been the one that locks.
    pub(crate) fn refuse_counted<Tx: CredentialTx + 'static>(
        &self,
        tx: &mut Tx,
        account: &Account,
        cause: Cause,
        visit: Visit<'_>,
    ) -> Result<Refusal, CredentialError> {
        let (user, tries) = (account.user, &account.tries);
        self.lock_reached(tx, user, Counter::Passwords, tries, visit)?;
        self.refuse(tx, cause, Some(user), visit)
    }

    /// The "no" to a password that was not right.
    pub(crate) fn turn_away<Tx: CredentialTx + 'static>(
        &self,
        tx: &mut Tx,
        verdict: Verdict,
        visit: Visit<'_>,
    ) -> Result<Refusal, CredentialError> {
        match verdict {
            Verdict::Wrong(account, cause) => self.refuse_counted(tx, &account, cause, visit),
            Verdict::Turned(cause, user) => self.refuse(tx, cause, user, visit),
            Verdict::Locked(account, until) => {
                let (user, tries) = (account.user, &account.tries);
                self.lock_met(tx, user, Counter::Passwords, tries, visit)?;
                self.refuse(tx, Cause::Locked(until), Some(account.user), visit)
            }
            Verdict::Unopened(account) => {
                self.take_back(tx, &account, visit)?;
                self.refuse(tx, Cause::SealedHash, Some(account.user), visit)
            }
            Verdict::Unanswered(account, error) => self.unanswered(tx, &account, &error, visit),
            Verdict::Right(account) => {
                self.refuse(tx, Cause::Superseded, Some(account.user), visit)
            }
        }
    }
}
