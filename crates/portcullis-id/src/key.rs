use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The key under which the host's own tables know a client, a contact, a container, an item or a
/// user, in the host's native type.
///
/// Kept beside our own id, never cast: an integer key compares with an integer column, a UUID key
/// with a UUID column (on SQLite a 16-byte BLOB; UUIDs a host keeps as text are text keys).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum HostKey {
    /// BIGINT, or INTEGER on SQLite.
    Int(i64),
    /// UUID, or a 16-byte BLOB on SQLite.
    Uuid(KeyUuid),
    /// TEXT, compared in binary.
    Text(String),
}

/// A UUID key. In JSON it is written `uuid:<uuid>`, so that it can never be taken for a text key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyUuid(pub Uuid);

impl TryFrom<String> for KeyUuid {
    type Error = KeyError;
    fn try_from(text: String) -> Result<Self, KeyError> {
        text.strip_prefix("uuid:")
            .and_then(|uuid| uuid.parse().ok())
            .map(Self)
            .ok_or(KeyError::NotUuid(text))
    }
}

impl From<KeyUuid> for String {
    fn from(key: KeyUuid) -> Self {
        format!("uuid:{}", key.0)
    }
}

/// The native type of a host's keys of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyType {
    /// BIGINT, or INTEGER on SQLite.
    Int,
    /// UUID, or a 16-byte BLOB on SQLite.
    Uuid,
    /// TEXT.
    Text,
}

impl HostKey {
    /// The native type of this key.
    pub const fn key_type(&self) -> KeyType {
        match self {
            Self::Int(_) => KeyType::Int,
            Self::Uuid(_) => KeyType::Uuid,
            Self::Text(_) => KeyType::Text,
        }
    }

    /// What no key of a host's begins with: behind it, documents write our own ids.
    pub const RESERVED: &'static str = "id:";

    /// This key, if a host may give it: of the type that was declared for `noun`, and not
    /// beginning with [`HostKey::RESERVED`].
    ///
    /// # Errors
    /// [`KeyError::WrongType`] names the noun and both types; [`KeyError::Reserved`].
    pub fn expect(self, declared: KeyType, noun: &str) -> Result<Self, KeyError> {
        let given = self.key_type();
        if given != declared {
            return Err(KeyError::WrongType {
                noun: noun.to_owned(),
                declared,
                given,
            });
        }
        match &self {
            Self::Text(text) if text.starts_with(Self::RESERVED) => {
                Err(KeyError::Reserved(text.clone()))
            }
            _ => Ok(self),
        }
    }
}

/// A host key that cannot be used where it was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key has another type than the one declared for its kind.
    #[error(
        "keys of {noun} were declared as {declared} and this one is {given}; pass the host's own key, or declare another key type when the portal is built"
    )]
    WrongType {
        /// What the key was meant for.
        noun: String,
        /// The type the host declared.
        declared: KeyType,
        /// The type that was given.
        given: KeyType,
    },
    /// The key begins like our own ids in documents.
    #[error("`{0}` begins with `id:`, which is reserved for our own ids; write another key")]
    Reserved(String),
    /// A UUID key in a document is not written `uuid:<uuid>`.
    #[error("`{0}` is not a UUID key; write `uuid:` and the UUID behind it")]
    NotUuid(String),
}

impl From<i64> for HostKey {
    fn from(key: i64) -> Self {
        Self::Int(key)
    }
}

impl From<Uuid> for HostKey {
    fn from(key: Uuid) -> Self {
        Self::Uuid(KeyUuid(key))
    }
}

impl From<&str> for HostKey {
    fn from(key: &str) -> Self {
        Self::Text(key.to_owned())
    }
}

impl From<String> for HostKey {
    fn from(key: String) -> Self {
        Self::Text(key)
    }
}

impl From<&HostKey> for HostKey {
    fn from(key: &HostKey) -> Self {
        key.clone()
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(key) => key.fmt(f),
            Self::Uuid(key) => key.0.fmt(f),
            Self::Text(key) => f.write_str(key),
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Int => "integer",
            Self::Uuid => "UUID",
            Self::Text => "text",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_json_in_its_own_type() {
        let keys = [
            HostKey::from(7),
            HostKey::from(Uuid::from_u128(7)),
            HostKey::from("7"),
            HostKey::from("00000000-0000-0000-0000-000000000007"),
        ];
        for key in keys {
            let text = serde_json::to_string(&key).unwrap();
            assert_eq!(
                serde_json::from_str::<HostKey>(&text).unwrap(),
                key,
                "{text}"
            );
        }
    }

    #[test]
    fn a_key_of_another_type_is_refused_with_both_types() {
        let error = HostKey::from("x")
            .expect(KeyType::Int, "clients")
            .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("declared as integer and this one is text")
        );
    }
}
