use std::error::Error as StdError;
use std::fmt;

/// Why a directory gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DirectoryFault {
    /// It could not be reached, or the connection broke.
    Down,
    /// It took too long.
    TimedOut,
    /// It is reached and does not work with us: its certificate, our account there, the search.
    Misconfigured,
    /// There is none, and there are users who sign in through one.
    Missing,
}

/// A directory gave no answer. Says what happened, for whoever runs the portal.
#[derive(Debug, thiserror::Error)]
#[error("the directory {fault}")]
pub struct DirectoryError {
    fault: DirectoryFault,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl DirectoryError {
    /// No answer, for this reason.
    pub const fn new(fault: DirectoryFault) -> Self {
        Self {
            fault,
            source: None,
        }
    }

    /// The same with what lies behind it, without any password in it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The reason.
    pub const fn fault(&self) -> DirectoryFault {
        self.fault
    }

    /// It and what lies behind it, in one line, cut to the length of an audit entry.
    pub(crate) fn line(&self) -> String {
        let mut line = self.to_string();
        let mut behind = self.source();
        while let Some(error) = behind {
            line = format!("{line}: {error}");
            behind = error.source();
        }
        line.chars().filter(|c| !c.is_control()).take(300).collect()
    }
}

impl fmt::Display for DirectoryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Down => "cannot be reached",
            Self::TimedOut => "did not answer in time",
            Self::Misconfigured => "does not work with these settings",
            Self::Missing => "is not set up; give one to the credential rules",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_tells_its_whole_story_in_one_line() {
        let inner = std::io::Error::other("refused\nhere");
        let error = DirectoryError::new(DirectoryFault::Down).because(inner);
        assert_eq!(error.line(), "the directory cannot be reached: refusedhere");
    }
}
