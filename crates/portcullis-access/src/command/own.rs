//! What people change of their own account: what the profile lists, and nothing of what decides what
//! they may do (K28).

use super::user::done;
use crate::gates::{portal_active, standing};
use crate::{AccessTx, Act, Error, Gate, OwnField, User, checked_name};

/// The account of who acts, to be opened from their own name (S14), if they may use it.
///
/// # Errors
/// Refused while the portal is off for them, or their account not usable; invalid for an operator.
pub fn account(tx: &mut dyn AccessTx, act: &Act<'_>) -> Result<User, Error> {
    let (Some(viewer), Some(id)) = (act.viewer(), act.principal().user()) else {
        return Err(Error::invalid(
            "an operator has no account here; name the user",
        ));
    };
    if !portal_active::passes(viewer) {
        return Err(Error::refused(Gate::PortalActive, "the portal is off"));
    }
    if !standing::passes(viewer) {
        return Err(Error::refused(
            Gate::Standing,
            "this account cannot be used now",
        ));
    }
    let user = tx.user(id)?.filter(|user| !user.removed);
    user.ok_or_else(|| Error::hidden(Some(Gate::Standing)))
}

/// Changes one's own name.
///
/// # Errors
/// As [`account`]; refused where the profile does not list [`OwnField::Name`].
pub fn set_name(tx: &mut dyn AccessTx, act: &Act<'_>, name: &str) -> Result<(), Error> {
    let mut user = account(tx, act)?;
    allowed(act, OwnField::Name)?;
    user.name = checked_name(name)?;
    tx.put_user(&user)?;
    done(tx, act, "own.name", None, user.id, "")
}

/// Whether people change this of their own account, by the profile.
///
/// # Errors
/// Refused where they do not; an operator has nothing of their own, and is not asked.
pub fn allowed(act: &Act<'_>, field: OwnField) -> Result<(), Error> {
    if act.rules().own_fields().contains(&field) {
        return Ok(());
    }
    Err(Error::refused(
        Gate::Right,
        "here staff changes this of an account; ask them",
    ))
}
