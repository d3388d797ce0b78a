use super::PasswordPart;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::fmt;

/// Read by hand, because an error must not quote what stands here: who writes a file may have put a
/// password in the place of its hash (S61).
impl<'de> Deserialize<'de> for PasswordPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Part)
    }
}

const EXPECTED: &str = "give `to-be-set`, `in-directory` or a `hash`, and never a password";

struct Part;

impl<'de> Visitor<'de> for Part {
    type Value = PasswordPart;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`to-be-set`, `in-directory` or a `hash`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<PasswordPart, E> {
        match text {
            "to-be-set" => Ok(PasswordPart::ToBeSet),
            "in-directory" => Ok(PasswordPart::InDirectory),
            _ => Err(E::custom(EXPECTED)),
        }
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<PasswordPart, E> {
        Err(E::custom(EXPECTED))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<PasswordPart, E> {
        Err(E::custom(EXPECTED))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<PasswordPart, E> {
        Err(E::custom(EXPECTED))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PasswordPart, A::Error> {
        let hash = match map.next_entry::<String, Hash>()? {
            Some((name, Hash(hash))) if name == "hash" => hash,
            _ => return Err(A::Error::custom(EXPECTED)),
        };
        match map.next_key::<String>()? {
            None => Ok(PasswordPart::Hash(hash)),
            Some(_) => Err(A::Error::custom(EXPECTED)),
        }
    }
}

/// A text; what else stands there is not quoted either.
struct Hash(String);

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer);
        text.map(Self).map_err(|_| D::Error::custom(EXPECTED))
    }
}
