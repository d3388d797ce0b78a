//! The PHC string format, as far as Argon2 needs it. Strict: what is read is what would be
//! written, so a hash has one text.

use super::argon2id::Cost;
use data_encoding::BASE64_NOPAD;
use std::fmt::Write as _;

pub(crate) struct Parts {
    pub(crate) cost: Cost,
    pub(crate) salt: Vec<u8>,
    pub(crate) tag: Vec<u8>,
}

/// The longest text worth looking at.
const MAX_BYTES: usize = 256;
const OURS: &str = "argon2id";

pub(crate) fn write(cost: Cost, salt: &[u8], tag: &[u8]) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "${OURS}$v=19$m={},t={},p={}$",
        cost.memory_kib, cost.passes, cost.lanes
    );
    text.push_str(&BASE64_NOPAD.encode(salt));
    text.push('$');
    text.push_str(&BASE64_NOPAD.encode(tag));
    text
}

pub(crate) fn read(text: &str) -> Option<Parts> {
    read_as(OURS, text)
}

/// The same for another variant of the function.
pub(crate) fn read_as(variant: &str, text: &str) -> Option<Parts> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = text.strip_prefix('$')?.strip_prefix(variant)?;
    let mut fields = text.strip_prefix("$v=19$")?.split('$');
    let (cost, salt, tag) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() {
        return None;
    }
    let mut costs = cost.split(',');
    let cost = Cost {
        memory_kib: number(costs.next()?, "m=")?,
        passes: number(costs.next()?, "t=")?,
        lanes: number(costs.next()?, "p=")?,
    };
    if costs.next().is_some() {
        return None;
    }
    Some(Parts {
        cost,
        salt: BASE64_NOPAD.decode(salt.as_bytes()).ok()?,
        tag: BASE64_NOPAD.decode(tag.as_bytes()).ok()?,
    })
}

fn number(field: &str, name: &str) -> Option<u32> {
    let digits = field.strip_prefix(name)?;
    let canonical = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    canonical.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bug31_what_is_written_is_read(m in 1u32.., t in 1u32.., p in 1u32.., salt: [u8; 16], tag: [u8; 32]) {
            let cost = Cost { memory_kib: m, passes: t, lanes: p };
            let text = write(cost, &salt, &tag);
            let parts = read(&text).unwrap();
            prop_assert_eq!(parts.cost, cost);
            prop_assert_eq!(parts.salt, salt);
            prop_assert_eq!(parts.tag, tag);
        }

        #[test]
        fn bug31_what_is_read_is_what_would_be_written(text in "\\$argon2id\\$v=19\\$m=[0-9]{1,3},t=[0+]?[0-9],p=[0-9]\\$[A-Za-z+/=]{0,8}\\$[A-Za-z+/]{0,8}") {
            if let Some(parts) = read(&text) {
                prop_assert_eq!(write(parts.cost, &parts.salt, &parts.tag), text);
            }
        }
    }

    #[test]
    fn bug31_another_format_is_no_argon2id() {
        for text in [
            "$argon2i$v=19$m=19456,t=2,p=1$AgIC$AgIC",
            "argon2$argon2id$v=19$m=19456,t=2,p=1$AgIC$AgIC",
            "$2b$12$abcdefghijklmnopqrstuu",
            "$argon2id$v=16$m=19456,t=2,p=1$AgIC$AgIC",
            "$argon2id$v=19$m=19456,t=2,p=1,keyid=AgIC$AgIC$AgIC",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
