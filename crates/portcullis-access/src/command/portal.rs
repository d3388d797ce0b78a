//! The portal itself: founding the store, switching the portal on and off, what is licensed.

use crate::{AccessTx, Act, Catalogue, ContainerKinds, Error, NamedRight, PortalState};
use portcullis_ledger::Scope;

/// Holds the catalogue against the kind numbers a store knows, and remembers new ones. Run at
/// start-up: it changes nothing where nothing is new.
///
/// # Errors
/// Invalid when a kind is registered under another name or number than the store knows.
pub fn register(tx: &mut dyn AccessTx, catalogue: &Catalogue) -> Result<(), Error> {
    let stored = tx.kind_names()?;
    for entry in catalogue.kinds() {
        let number = entry.kind.number();
        match stored
            .iter()
            .find(|(taken, name)| *taken == number || *name == entry.name)
        {
            Some((taken, name)) if *taken == number && *name == entry.name => {}
            Some((taken, name)) => {
                return Err(Error::invalid(format!(
                    "kind `{}` is number {number} here, and the store knows number {taken} as `{name}`; register it under the number and name it was stored with",
                    entry.name
                )));
            }
            None => tx.put_kind_name(number, &entry.name)?,
        }
    }
    Ok(())
}

/// Writes what a new portal starts with, from the profile. One that was founded keeps what it has.
///
/// # Errors
/// Refused for anybody but an operator and staff with `settings.manage` over every client.
pub fn found(tx: &mut dyn AccessTx, act: &Act<'_>) -> Result<(), Error> {
    act.require(NamedRight::MANAGE_SETTINGS, None)?;
    if tx.portal()?.is_some() {
        return Ok(());
    }
    let profile = act.rules().profile();
    tx.put_portal(&PortalState {
        active: profile.starts_active,
        first_activated_at: profile.starts_active.then(|| act.now()),
        licensed: profile.licensed,
    })?;
    done(tx, act, "portal.found", "")
}

/// Switches the portal on or off (V1, V3). Sharing choices are kept; what was made before the
/// first activation stays "older" for good (choice 21).
///
/// # Errors
/// Refused without `settings.manage` over every client.
pub fn set_active(tx: &mut dyn AccessTx, act: &Act<'_>, active: bool) -> Result<(), Error> {
    change(tx, act, "portal.active", |portal| {
        portal.active = active;
        if active && portal.first_activated_at.is_none() {
            portal.first_activated_at = Some(act.now());
        }
    })
}

/// Sets which container kinds are licensed (K27). No grant in the others takes effect (S57).
///
/// # Errors
/// Refused without `settings.manage` over every client.
pub fn set_licensed(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    licensed: ContainerKinds,
) -> Result<(), Error> {
    change(tx, act, "portal.licence", |portal| {
        portal.licensed = licensed;
    })
}

fn change(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    action: &str,
    edit: impl FnOnce(&mut PortalState),
) -> Result<(), Error> {
    act.require(NamedRight::MANAGE_SETTINGS, None)?;
    let mut portal = tx
        .portal()?
        .ok_or_else(|| Error::invalid("the store was never founded; found the portal first"))?;
    edit(&mut portal);
    tx.put_portal(&portal)?;
    done(tx, act, action, &format!("active: {}", portal.active))
}

fn done(tx: &mut dyn AccessTx, act: &Act<'_>, action: &str, detail: &str) -> Result<(), Error> {
    act.record(tx, action, None, "portal", detail)?;
    tx.bump(Scope::Policy)?;
    Ok(())
}
