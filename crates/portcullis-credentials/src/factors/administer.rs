use crate::{AccountEvent, CredentialError, CredentialTx, Credentials};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::Actor;

/// Second factors, by an administrator. Each answers whether anything was changed.
impl Credentials {
    /// Ticks 'Enforce Two-Factor Authentication' for a user, or clears it (S29). Who has none yet
    /// is signed out, and sets one up at the next sign-in; who has one keeps it either way. Where the
    /// policy takes shorter passwords beside an enforced factor, clearing the box makes a new one due.
    ///
    /// # Errors
    /// [`CredentialError::NoAccount`], and [`CredentialError::KeyRing`] where there is none to keep
    /// the secret under.
    pub fn enforce_factor(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        enforced: bool,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        if enforced {
            self.key_ring()?;
        }
        let account = tx.account(user)?.ok_or(CredentialError::NoAccount(user))?;
        let factor = tx.factor(user)?;
        if factor.as_ref().is_some_and(|factor| factor.enforced) == enforced {
            return Ok(false);
        }
        tx.enforce_factor(user, enforced)?;
        if !enforced && self.policy.relies_on_factor() {
            // It may be as short as it is only beside a factor.
            tx.demand_change(user)?;
        }
        let enrolled = factor.is_some_and(|factor| factor.secret.is_some());
        if enforced && !enrolled && !tx.move_epoch(user, account.epoch)? {
            return Err(CredentialError::Superseded);
        }
        let event = if enforced {
            AccountEvent::FactorEnforced
        } else {
            AccountEvent::FactorNotEnforced
        };
        self.finish(tx, event, user, String::new(), by, now)?;
        Ok(true)
    }

    /// Takes app and recovery codes away from who has lost both, with their locks. All sessions end,
    /// and the user is told. Make sure who is asking: from now on the password is enough, or, where
    /// a factor is enforced, enrols a new one.
    ///
    /// # Errors
    /// [`CredentialError::NoAccount`].
    pub fn remove_factor(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        let account = tx.account(user)?.ok_or(CredentialError::NoAccount(user))?;
        if !tx.remove_factor(user)? {
            return Ok(false);
        }
        tx.drop_recovery_codes(user)?;
        tx.unlock_factors(user)?;
        if !tx.move_epoch(user, account.epoch)? {
            return Err(CredentialError::Superseded);
        }
        self.finish(
            tx,
            AccountEvent::FactorRemoved,
            user,
            String::new(),
            by,
            now,
        )?;
        Ok(true)
    }
}
