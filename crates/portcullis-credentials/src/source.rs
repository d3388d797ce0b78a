use std::fmt;

/// Where an attempt came from, as the host knows it: for the audit.
///
/// Take it from the connection or from a proxy you run, never from a header a visitor can write
/// (bug 9). Only the first 64 characters are kept, and control characters are not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source(String);

impl Source {
    /// The source named `text`: an address, a device, `"console"`.
    pub fn new(text: &str) -> Self {
        Self(text.chars().filter(|c| !c.is_control()).take(64).collect())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_cannot_forge_a_line_of_the_audit() {
        assert_eq!(
            Source::new("10.0.0.1\nroot signed in").to_string(),
            "10.0.0.1root signed in"
        );
        assert_eq!(Source::new(&"x".repeat(1000)).to_string().len(), 64);
    }
}
