//! Somebody must be left who can sign in and administer: unlock others, for one (promise 5).

use crate::PortalTx;
use portcullis_access::AccessRules;
use portcullis_access::command::{administers, administrators};
use portcullis_credentials::FactorKind;
use portcullis_id::{State, Timestamp, UserId};
use portcullis_ledger::StoreError;

/// Whether anybody but `except` administers the portal and could sign in: in good standing now, or
/// (`lasting`) without an end, and not locked until an administrator unlocks. A lock that ends is
/// none here.
pub(crate) fn somebody_administers(
    tx: &mut dyn PortalTx,
    rules: &AccessRules,
    now: Timestamp,
    lasting: bool,
    except: Option<UserId>,
) -> Result<bool, StoreError> {
    for user in administrators(tx, rules)? {
        let standing = tx.standing(user)?;
        let usable = standing.at(now) == State::Usable && Some(user) != except;
        if usable && !(lasting && standing.until().is_some()) && !locked_for_good(tx, user)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a lock without an end on `user` would leave nobody for good.
pub(crate) fn is_last(
    tx: &mut dyn PortalTx,
    rules: &AccessRules,
    user: UserId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    // First whether they administer at all: who guesses at a client's name asks about nobody else.
    let administers = match tx.user(user)? {
        Some(user) => administers(tx, rules, &user)?,
        None => false,
    };
    Ok(administers
        && matches!(tx.standing(user)?.at(now), State::Usable | State::ChangeDue)
        && !somebody_administers(tx, rules, now, true, Some(user))?)
}

/// Whether it takes an administrator to let them in again: at their password, or at any kind of code
/// where they have a second factor.
fn locked_for_good(tx: &mut dyn PortalTx, user: UserId) -> Result<bool, StoreError> {
    let for_good = Some(Timestamp::MAX);
    let account = tx.account(user)?;
    if account.is_some_and(|account| account.tries.locked_until == for_good) {
        return Ok(true);
    }
    let factor = tx.factor(user)?;
    if factor.is_none_or(|factor| factor.secret.is_none()) {
        return Ok(false);
    }
    for kind in [FactorKind::Totp, FactorKind::Recovery] {
        let tries = tx.factor_tries(user, kind)?;
        if tries.is_some_and(|tries| tries.locked_until == for_good) {
            return Ok(true);
        }
    }
    Ok(false)
}
