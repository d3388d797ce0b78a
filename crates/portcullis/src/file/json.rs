use super::{FileError, PortalFile};

impl PortalFile {
    /// Reads a document. Fields nobody knows are refused, and every error says where it is.
    ///
    /// # Errors
    /// [`FileError`] with the path of the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, FileError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let file: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            // A document that ends too early ends in a place without a name.
            let known = path.trim_end_matches('?').trim_end_matches('.');
            FileError::because(known, error.into_inner())
        })?;
        reader
            .end()
            .map_err(|error| FileError::because("", error))?;
        Ok(file)
    }

    /// The document as text, indented.
    ///
    /// # Errors
    /// None that a document could cause.
    pub fn to_json(&self) -> Result<String, FileError> {
        let mut text =
            serde_json::to_string_pretty(self).map_err(|error| FileError::because("", error))?;
        text.push('\n');
        Ok(text)
    }
}
