use super::MigrationSet;
use super::history::History;
use crate::Names;
use portcullis_ledger::{StoreError, StoreErrorKind};
use std::fmt;

/// What a store lacks, as text: `needs migration access 1 to 2, ledger 1`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a store with pending migrations cannot be used"]
pub struct Pending {
    names: Names,
    gaps: Vec<Gap>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Gap {
    set: &'static str,
    from: u32,
    to: u32,
}

impl Pending {
    pub(super) fn new(names: &Names, sets: &[MigrationSet], history: &History) -> Self {
        let gaps = sets.iter().filter_map(|set| {
            let from = history.last(set.name) + 1;
            let to = set.last();
            (from <= to).then_some(Gap {
                set: set.name,
                from,
                to,
            })
        });
        Self {
            names: names.clone(),
            gaps: gaps.collect(),
        }
    }

    /// Nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.gaps.is_empty()
    }

    /// Ok when nothing is missing.
    ///
    /// # Errors
    /// [`NeedsMigration`](StoreErrorKind::NeedsMigration), telling what and how, and under which
    /// names it was looked for if they are not the default: perhaps these are the wrong ones.
    pub fn into_result(self) -> Result<(), StoreError> {
        if self.is_empty() {
            return Ok(());
        }
        let tables = if self.names == Names::default() {
            String::new()
        } else {
            format!(" of the tables `{}..`", self.names)
        };
        let what = format!(
            "the store{tables} {self}: call `migrate` once, with the program stopped elsewhere"
        );
        Err(StoreError::new(StoreErrorKind::NeedsMigration, what))
    }
}

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("needs no migration");
        }
        f.write_str("needs migration ")?;
        for (place, gap) in self.gaps.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{} {}", gap.set, gap.from)?;
            if gap.to > gap.from {
                write!(f, " to {}", gap.to)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(names: Names) -> Pending {
        let gap = |set, from, to| Gap { set, from, to };
        Pending {
            names,
            gaps: vec![gap("access", 1, 2), gap("ledger", 3, 3)],
        }
    }

    #[test]
    fn what_is_pending_reads_as_a_sentence() {
        let pending = pending(Names::default());
        assert_eq!(
            pending.to_string(),
            "needs migration access 1 to 2, ledger 3"
        );
        let error = pending.into_result().unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::NeedsMigration);
        assert!(
            error
                .to_string()
                .starts_with("the store needs migration access 1 to 2, ledger 3: call")
        );
        let none = Pending::new(&Names::default(), &[], &History::default());
        assert!(none.into_result().is_ok());
    }

    #[test]
    fn what_is_pending_under_other_names_tells_them() {
        let names = Names::prefixed("acme_").unwrap();
        let names = names.in_schema("portal").unwrap();
        let error = pending(names).into_result().unwrap_err().to_string();
        assert!(
            error.starts_with("the store of the tables `portal.acme_..` needs migration access"),
            "{error}"
        );
    }
}
