use crate::CredentialPolicy;
use precis_profiles::UsernameCaseMapped;
use precis_profiles::precis_core::profile::PrecisFastInvocation;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A user name: as it was typed, and the one form it is compared in (choice 11).
///
/// The form is RFC 8265 `UsernameCaseMapped`: width, case and Unicode normal form are mapped away,
/// so `john`, ` JOHN` and `ｊｏｈｎ` are one account and one counter of wrong passwords (bug 8). An
/// e-mail address is a fine user name.
///
/// ```
/// use portcullis_credentials::LoginName;
/// assert_eq!(LoginName::parse(" Ada@Provider.example")?, LoginName::parse("ada@provider.example")?);
/// # Ok::<(), portcullis_credentials::NameFlaw>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LoginName {
    shown: String,
    key: String,
}

/// Why a text cannot be a user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NameFlaw {
    /// Nothing but blanks (D12, bug 10).
    #[error("a user name cannot be empty; give at least one letter or digit")]
    Empty,
    /// More bytes than [`LoginName::MAX_BYTES`].
    #[error(
        "a user name has at most {} bytes; give a shorter one",
        LoginName::MAX_BYTES
    )]
    TooLong,
    /// A space, a control character, a mix of writing directions or another thing that RFC 8265
    /// keeps out (bug 11: a NUL byte made counting the attempt fail).
    #[error(
        "a user name cannot hold spaces, control characters or symbols that look like others; leave them out"
    )]
    Forbidden,
    /// More characters than the policy takes (D8).
    #[error("a user name has at most {most} characters here; give a shorter one")]
    TooManyCharacters {
        /// The most there may be.
        most: u32,
    },
    /// Another character than a letter or a digit, where only those are taken (D10, D11).
    #[error("a user name is of letters and digits alone here; leave the others out")]
    Character,
}

impl LoginName {
    /// The cap on the text, in bytes, applied before any other work (bug 28).
    pub const MAX_BYTES: usize = 256;

    /// The name in `text`, with blanks around it left away.
    ///
    /// # Errors
    /// [`NameFlaw`] tells the person who types it what to change.
    pub fn parse(text: &str) -> Result<Self, NameFlaw> {
        if text.len() > Self::MAX_BYTES {
            return Err(NameFlaw::TooLong);
        }
        let shown = text.trim();
        if shown.is_empty() {
            return Err(NameFlaw::Empty);
        }
        let key = settle(shown)?;
        Ok(Self {
            shown: shown.to_owned(),
            key,
        })
    }

    /// A name read back from storage, where both forms are kept.
    pub const fn from_stored(shown: String, key: String) -> Self {
        Self { shown, key }
    }

    /// The name as it was typed.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The form that names are compared in, unique over all accounts.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// What the name of a new account must be besides.
pub(crate) fn check(policy: &CredentialPolicy, name: &LoginName) -> Result<(), NameFlaw> {
    let settings = policy.settings();
    if let Some(most) = settings.name_max_length
        && u32::try_from(name.shown().chars().count()).map_or(true, |length| length > most)
    {
        return Err(NameFlaw::TooManyCharacters { most });
    }
    if !settings.name_characters.take(name.shown()) {
        return Err(NameFlaw::Character);
    }
    Ok(())
}

/// RFC 8265 does not promise that one round is enough, and a key must be its own key.
fn settle(shown: &str) -> Result<String, NameFlaw> {
    let mut key = shown.to_owned();
    for _ in 0..4 {
        let next = UsernameCaseMapped::enforce(key.as_str())
            .map_err(|_| NameFlaw::Forbidden)?
            .into_owned();
        if next == key {
            return Ok(key);
        }
        key = next;
    }
    Err(NameFlaw::Forbidden)
}

impl PartialEq for LoginName {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for LoginName {}

impl fmt::Display for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl TryFrom<String> for LoginName {
    type Error = NameFlaw;
    fn try_from(text: String) -> Result<Self, NameFlaw> {
        Self::parse(&text)
    }
}

impl From<LoginName> for String {
    fn from(name: LoginName) -> Self {
        name.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(text: &str) -> String {
        LoginName::parse(text).unwrap().key
    }

    #[test]
    fn bug08_one_account_for_all_spellings() {
        for spelling in ["john", "JOHN", " john", "john\t", "ｊｏｈｎ", "ＪＯＨＮ"] {
            assert_eq!(key(spelling), "john", "{spelling:?}");
        }
        assert_eq!(key("Ren\u{e9}"), key("rene\u{301}"));
    }

    #[test]
    fn choice11_names_are_shown_as_typed() {
        assert_eq!(LoginName::parse(" JoHn ").unwrap().shown(), "JoHn");
    }

    #[test]
    fn bug10_blank_names_are_no_names() {
        for blank in ["", " ", "\t \n", "\u{3000}"] {
            assert_eq!(LoginName::parse(blank), Err(NameFlaw::Empty), "{blank:?}");
        }
    }

    #[test]
    fn bug11_control_characters_are_refused_not_stored() {
        for text in ["jo\0hn", "\0", "jo hn", "jo\u{202e}hn", "jo\u{7}hn"] {
            assert_eq!(LoginName::parse(text), Err(NameFlaw::Forbidden), "{text:?}");
        }
    }

    #[test]
    fn bug22_unicode_lookalikes_stay_apart() {
        assert_ne!(key("m\u{131}ke@a.example"), key("mike@a.example"));
    }

    #[test]
    fn bug28_the_cap_comes_first() {
        assert_eq!(LoginName::parse(&" ".repeat(257)), Err(NameFlaw::TooLong));
        assert!(LoginName::parse(&"a".repeat(256)).is_ok());
    }

    proptest! {
        #[test]
        fn choice11_a_key_is_its_own_key(text in "\\PC{0,24}") {
            if let Ok(name) = LoginName::parse(&text) {
                prop_assert_eq!(key(name.key()), name.key());
            }
        }
    }
}
