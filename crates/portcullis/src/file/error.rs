use portcullis_ledger::StoreError;
use std::error::Error as StdError;
use std::fmt::{self, Display};

/// What is wrong with a portal file, and where: `clients[3].containers[1].items[7].kind`.
#[derive(Debug)]
pub struct FileError {
    path: String,
    what: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl FileError {
    pub(super) fn at(path: impl Display, what: impl Into<String>) -> Self {
        Self {
            path: path.to_string(),
            what: what.into(),
            source: None,
        }
    }

    pub(super) fn because(
        path: impl Display,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self {
            path: path.to_string(),
            what: source.to_string(),
            source: Some(Box::new(source)),
        }
    }

    /// The fault of storage behind it, if that is what it is.
    pub(crate) fn store(&self) -> Option<&StoreError> {
        let source = self.source.as_deref()?;
        match source.downcast_ref::<portcullis_access::Error>() {
            Some(error) => error.store(),
            None => source.downcast_ref(),
        }
    }

    /// Where in the document.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() || self.path == "." {
            write!(f, "the portal file: {}", self.what)
        } else {
            write!(f, "the portal file at `{}`: {}", self.path, self.what)
        }
    }
}

impl StdError for FileError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
