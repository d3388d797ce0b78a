use std::fmt;

/// Why the program stopped: one sentence.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub(super) fn new(what: impl fmt::Display) -> Self {
        // One line, whatever a driver or a parser put into its text.
        let words: Vec<_> = what
            .to_string()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        Self(words.join(" "))
    }

    pub(super) fn about(subject: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self::new(format_args!("`{subject}`: {what}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

macro_rules! from {
    ($($source:ty)+) => { $(
        impl From<$source> for Failure {
            fn from(error: $source) -> Self {
                Self::new(error)
            }
        }
    )+ };
}

from! {
    portcullis::Error
    portcullis::ledger::StoreError
    portcullis::id::EntropyError
    std::io::Error
}
