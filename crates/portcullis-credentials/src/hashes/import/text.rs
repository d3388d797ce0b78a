//! Numbers and bytes as the formats write them. Strict: a value has one text, so that of a hash
//! whose text was tampered with nothing is left to verify.

use crate::KdfError;
use data_encoding::{BASE64, BASE64_NOPAD};

/// The longest text worth looking at; the longest a format can write has 300 bytes.
pub(super) const MAX_BYTES: usize = 512;

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BCRYPT: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const PASSLIB: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./";

/// A number without sign and leading zeros.
pub(super) fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().ok())?
}

/// Base64 with its padding.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).ok()
}

/// Base64 without padding, as in PHC strings.
pub(super) fn base64_nopad(text: &str) -> Option<Vec<u8>> {
    BASE64_NOPAD.decode(text.as_bytes()).ok()
}

/// The same with `.` for `+`, which passlib calls ab64.
pub(super) fn passlib64(text: &str) -> Option<Vec<u8>> {
    with_alphabet(PASSLIB, text)
}

/// The alphabet of bcrypt alone.
pub(super) fn bcrypt64(text: &str) -> Option<Vec<u8>> {
    with_alphabet(BCRYPT, text)
}

/// Salt and hash of these lengths, in bytes. What is shorter is guessed, what is longer is no
/// hash.
pub(super) fn bounded(salt: &[u8], tag: &[u8]) -> Result<(), KdfError> {
    if (8..=64).contains(&salt.len()) && (16..=64).contains(&tag.len()) {
        return Ok(());
    }
    Err(KdfError::Unusable(
        "its salt has not 8 to 64 bytes, or its hash not 16 to 64",
    ))
}

/// A hash of just this length. The beginning of a PBKDF2 or scrypt hash is one of fewer bytes, so
/// of what was cut off something would match (bug 30).
pub(super) fn of_len(tag: Vec<u8>, len: usize) -> Option<Vec<u8>> {
    (tag.len() == len).then_some(tag)
}

fn with_alphabet(alphabet: &[u8; 64], text: &str) -> Option<Vec<u8>> {
    let standard = |symbol| {
        let at = alphabet.iter().position(|&one| one == symbol)?;
        STANDARD.get(at).copied()
    };
    let text: Vec<u8> = text.bytes().map(standard).collect::<Option<_>>()?;
    BASE64_NOPAD.decode(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bug30_a_value_has_one_text() {
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("4294967295"), Some(u32::MAX));
        for odd in ["", "00", "01", "+1", "-1", " 1", "1 ", "4294967296", "１"] {
            assert_eq!(number(odd), None, "{odd:?}");
        }
        assert_eq!(passlib64("....").as_deref(), Some(&[0xfb, 0xef, 0xbe][..]));
        assert_eq!(passlib64("++++"), None);
        assert_eq!(base64_nopad("AB"), None, "bits left over");
        assert_eq!(base64("AA"), None, "no padding");
        assert_eq!(bcrypt64("./"), None, "bits left over");
        assert_eq!(bcrypt64("..").as_deref(), Some(&[0][..]));
    }
}
