use std::fmt;

/// Where random bytes come from. An argument everywhere, so that tests can repeat a run.
///
/// The facade offers the operating system's generator; below it nothing makes its own.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with bytes nobody can predict.
    ///
    /// # Errors
    /// When the source cannot deliver; nothing may then be derived from `bytes`.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

impl<E: Entropy + ?Sized> Entropy for &E {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        (**self).fill(bytes)
    }
}

impl<E: Entropy + ?Sized> Entropy for std::sync::Arc<E> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        (**self).fill(bytes)
    }
}

/// The source of randomness could not deliver.
#[derive(Debug, thiserror::Error)]
#[error("the source of randomness could not deliver; try again when the system has entropy")]
pub struct EntropyError {
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl EntropyError {
    /// Wraps the source's own error.
    pub fn new(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self {
            source: Some(Box::new(source)),
        }
    }

    /// A failure without a further cause, as test sources have.
    pub fn exhausted() -> Self {
        Self { source: None }
    }
}

impl fmt::Debug for dyn Entropy + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}
