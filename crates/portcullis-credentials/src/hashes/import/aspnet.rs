//! ASP.NET Core Identity: the Base64 of one byte that tells the version, and what belongs to it.

use super::format::Stored;
use super::pbkdf2::{Over, Pbkdf2};
use super::text::base64;
use crate::KdfError;

/// Version 2 (byte 0: a salt of 16 bytes, a hash of 32, 1000 rounds over SHA-1) and version 3
/// (byte 1: the function, the rounds and the length of the salt as big-endian numbers, the salt,
/// the hash).
pub(super) fn read(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let malformed = KdfError::Unusable("it is no hash that ASP.NET Core Identity writes");
    let bytes = base64(text);
    let parts = bytes
        .as_deref()
        .and_then(|bytes| match bytes.split_first()? {
            (0, rest) => version_2(rest),
            (1, rest) => version_3(rest),
            _ => None,
        });
    let (over, rounds, (salt, tag)) = parts.ok_or(malformed)?;
    Ok(Box::new(Pbkdf2::new(
        over,
        rounds,
        salt.to_vec(),
        tag.to_vec(),
    )?))
}

type Parts<'a> = (Over, u32, (&'a [u8], &'a [u8]));

fn version_2(bytes: &[u8]) -> Option<Parts<'_>> {
    (bytes.len() == 48).then_some(())?;
    Some((Over::Sha1, 1_000, bytes.split_at_checked(16)?))
}

fn version_3(bytes: &[u8]) -> Option<Parts<'_>> {
    let (over, bytes) = big_endian(bytes)?;
    let (rounds, bytes) = big_endian(bytes)?;
    let (salt, bytes) = big_endian(bytes)?;
    let over = match over {
        0 => Over::Sha1,
        1 => Over::Sha256,
        2 => Over::Sha512,
        _ => return None,
    };
    let (salt, tag) = bytes.split_at_checked(usize::try_from(salt).ok()?)?;
    // It writes no other length of a hash, and verifies with no shorter salt.
    (salt.len() >= 16 && tag.len() == 32).then_some((over, rounds, (salt, tag)))
}

fn big_endian(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    fn version_3(over: u32, rounds: u32, salt_told: u32, len: usize) -> String {
        let mut bytes = vec![1];
        for number in [over, rounds, salt_told] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.resize(13 + len, 7);
        BASE64.encode(&bytes)
    }

    #[test]
    fn bug29_bug30_lengths_that_lie_and_rounds_outside_the_bounds_are_refused_unrun() {
        assert!(read(&version_3(2, 100_000, 16, 48)).is_ok());
        for (over, rounds, salt, len) in [
            (3, 100_000, 16, 48),
            (2, 999, 16, 48),
            (2, u32::MAX, 16, 48),
            (2, 100_000, 15, 47),
            (2, 100_000, 49, 48),
            (2, 100_000, u32::MAX, 48),
            (2, 100_000, 48, 48),
            (2, 100_000, 0, 48),
            (2, 100_000, 16, 16),
        ] {
            let text = version_3(over, rounds, salt, len);
            assert!(read(&text).is_err(), "{over} {rounds} {salt} {len}");
        }
        for len in [0, 1, 48, 50] {
            assert!(read(&BASE64.encode(&vec![0; len])).is_err(), "{len}");
        }
        assert!(read(&BASE64.encode(&[0; 49])).is_ok());
    }
}
