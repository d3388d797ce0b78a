use portcullis_ledger::{StoreError, StoreErrorKind};

/// Refuses what would take a unique key twice. `what` says whose key it is.
pub(crate) fn taken(what: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::Conflict,
        format!("{what} is taken by another; change that one or use another key"),
    )
}

/// Refuses what refers to a row that is not there. `what` is the noun that is missing.
///
/// # Errors
/// A conflict, unless `there`.
pub(crate) fn refers(there: bool, what: &str) -> Result<(), StoreError> {
    if there {
        return Ok(());
    }
    Err(StoreError::new(
        StoreErrorKind::Conflict,
        format!("the {what} that is referred to is not there; add it first"),
    ))
}
