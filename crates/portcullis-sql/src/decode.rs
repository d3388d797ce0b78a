//! Numbers and lists that a column keeps, read back into the words they stand for.

use portcullis_ledger::{StoreError, StoreErrorKind};

/// What a stored number stands for.
pub(crate) fn known<T>(what: &str, number: i64, read: Option<T>) -> Result<T, StoreError> {
    read.ok_or_else(|| {
        StoreError::corrupt(format!(
            "{number} is no {what} this program knows; it was written by a newer version, or restore the row from a backup"
        ))
    })
}

/// Names of rights as one text, a space between them.
pub(crate) fn join(names: &[String]) -> Result<String, StoreError> {
    if let Some(name) = names
        .iter()
        .find(|name| name.is_empty() || name.contains(' '))
    {
        return Err(StoreError::new(
            StoreErrorKind::Misuse,
            format!("`{name}` is no name of a right; use 1 to 64 of a-z, 0-9, `-`, `_` and `.`"),
        ));
    }
    Ok(names.join(" "))
}

/// The names read back.
pub(crate) fn split(text: &str) -> Vec<String> {
    text.split(' ')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_as_written() {
        for names in [vec![], vec!["a"], vec!["a.view", "b-c"]] {
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            assert_eq!(split(&join(&names).unwrap()), names);
        }
    }

    #[test]
    fn a_name_that_would_be_read_back_as_two_is_refused() {
        for name in ["", "a b"] {
            let error = join(&[name.to_owned()]).unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Misuse);
        }
    }
}
