//! The organisation's defaults: what new containers and items start with (V8, V31, V40, V54).

use crate::{DefaultExposure, DefaultOf, SharingAct, SharingTx};
use portcullis_access::{Error, NamedRight};
use portcullis_ledger::Scope;

/// Sets the default for what is made from now on; what is there keeps what it was made with (V9).
///
/// # Errors
/// Refused without `settings.manage` over every client.
pub fn set(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    of: DefaultOf,
    default: DefaultExposure,
) -> Result<(), Error> {
    act.require(NamedRight::MANAGE_SETTINGS, None)?;
    tx.put_default(of, default)?;
    act.record(
        tx,
        "default.set",
        None,
        format_args!("{of:?}"),
        default.name(),
    )?;
    tx.bump(Scope::Policy)?;
    Ok(())
}
