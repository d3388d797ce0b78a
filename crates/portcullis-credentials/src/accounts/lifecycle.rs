use crate::{Account, AccountEvent, CredentialError, CredentialTx, Credentials, Expiry};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::{Actor, Recipient};
use std::num::NonZeroU32;

/// Each answers whether anything was changed. What changed nothing leaves no audit entry and no
/// revision; [`CredentialError::NoAccount`] where there is nobody to change.
impl Credentials {
    /// Clears 'Locked Account' and the count behind it (S25): it takes X wrong passwords anew to
    /// lock it (S61). Locked codes of a second factor are cleared with it. No revision: a lock is not
    /// part of anybody's standing.
    pub fn unlock(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        let account = tx.account(user)?.ok_or(CredentialError::NoAccount(user))?;
        let codes = tx.unlock_factors(user)?;
        if codes == 0 && account.tries.is_clear() {
            return Ok(false);
        }
        if !tx.unlock(user)? {
            return Err(CredentialError::NoAccount(user));
        }
        self.trail(by, now)
            .record(tx, AccountEvent::Unlocked, Some(user), String::new())?;
        Ok(true)
    }

    /// Suspends an account: it ends everything at once, sessions, steps and invitations (D33).
    pub fn suspend(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        let changed = tx.suspend(user, now)?;
        self.told(tx, changed, AccountEvent::Suspended, user, by, now)
    }

    /// Ends a suspension. What it ended stays ended: they sign in anew.
    pub fn resume(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        let changed = tx.resume(user)?;
        self.told(tx, changed, AccountEvent::Resumed, user, by, now)
    }

    /// Switches an account off for good, its name kept so that nobody else gets it.
    pub fn disable(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        let changed = tx.disable(user, now)?;
        self.told(tx, changed, AccountEvent::Disabled, user, by, now)
    }

    /// Makes a new password due at the next sign-in and ends all sessions;
    /// [`CredentialError::InDirectory`] for who has none here.
    pub fn demand_change(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        in_hand(tx.account(user)?.as_ref())?;
        let changed = tx.demand_change(user)?;
        self.told(tx, changed, AccountEvent::ChangeDemanded, user, by, now)
    }

    /// The address that mails to `user` go to was changed, wherever it is kept: all sessions end, and
    /// the links that were sent to the address before are dead (bug 26). The user is told at both: at
    /// the new one, and at the one `before`, which an intruder who has changed it does not read (ASVS
    /// 6.3.7). For who keeps addresses; false where the user has no account here, and so nothing to
    /// end.
    pub fn email_changed(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        before: Option<&str>,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        let Some(account) = tx.account(user)? else {
            return Ok(false);
        };
        if !tx.move_epoch(user, account.epoch)? {
            return Err(CredentialError::Superseded);
        }
        if let Some(address) = before {
            let address = address.to_owned();
            let former = Recipient::FormerAddress { user, address };
            self.trail(by, now)
                .post_to(tx, AccountEvent::EmailChanged, former)?;
        }
        self.told(tx, true, AccountEvent::EmailChanged, user, by, now)
    }

    /// Sets 'Account Expires In _ Days', or clears it (S27, S28): `days` times 24 hours from now,
    /// at exactly which it has expired. The same number saved again does not restart it
    /// (choice 10).
    pub fn set_expiry(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        days: Option<NonZeroU32>,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        let account = tx.account(user)?.ok_or(CredentialError::NoAccount(user))?;
        if account.expiry.map(|expiry| expiry.days) == days {
            return Ok(false);
        }
        let expiry = days.map(|days| Expiry::starting(days, now));
        if !tx.set_expiry(user, expiry)? {
            return Err(CredentialError::NoAccount(user));
        }
        let detail = expiry.map_or_else(|| "never".to_owned(), |expiry| expiry.at.to_string());
        self.finish(tx, AccountEvent::ExpirySet, user, detail, by, now)?;
        Ok(true)
    }

    pub(crate) fn told(
        &self,
        tx: &mut dyn CredentialTx,
        changed: bool,
        event: AccountEvent,
        user: UserId,
        by: &Actor,
        now: Timestamp,
    ) -> Result<bool, CredentialError> {
        if changed {
            self.finish(tx, event, user, String::new(), by, now)?;
        } else if tx.account(user)?.is_none() {
            return Err(CredentialError::NoAccount(user));
        }
        Ok(changed)
    }
}

/// Refuses to touch a password that is kept in the directory (S31).
pub(crate) fn in_hand(account: Option<&Account>) -> Result<(), CredentialError> {
    match account {
        Some(account) if account.directory => Err(CredentialError::InDirectory(account.user)),
        _ => Ok(()),
    }
}
