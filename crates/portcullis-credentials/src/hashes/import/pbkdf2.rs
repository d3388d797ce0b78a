//! `$pbkdf2-sha256$`: PBKDF2 (RFC 8018), as passlib and PHC strings have it.

use super::format::Stored;
use super::text::{base64_nopad, bounded, number, of_len, passlib64};
use crate::KdfError;
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A PBKDF2 hash within bounds: the costliest takes several seconds.
pub(super) struct Pbkdf2 {
    over: Over,
    rounds: u32,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

/// The hash function inside.
#[derive(Clone, Copy)]
pub(super) enum Over {
    Sha1,
    Sha256,
    Sha512,
}

/// `$pbkdf2-sha256$600000$salt$hash` in passlib's alphabet (`$pbkdf2$` is over SHA-1), or
/// `$pbkdf2-sha256$i=600000,l=32$salt$hash` in the usual one.
pub(super) fn read(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let malformed = || KdfError::Unusable("it is no hash `$pbkdf2-sha256$rounds$salt$hash`");
    let (over, rest) = text
        .strip_prefix("$pbkdf2")
        .and_then(|rest| rest.split_once('$'))
        .ok_or_else(malformed)?;
    let over = match over {
        "" | "-sha1" => Over::Sha1,
        "-sha256" => Over::Sha256,
        "-sha512" => Over::Sha512,
        _ => return Err(malformed()),
    };
    Ok(Box::new(match rest.strip_prefix("i=") {
        None => passlib(over, rest)?,
        Some(rest) => phc(over, rest).ok_or_else(malformed)??,
    }))
}

/// Rounds, salt and hash between `$`, which LDAP servers write after `{PBKDF2-SHA256}`.
pub(super) fn passlib(over: Over, text: &str) -> Result<Pbkdf2, KdfError> {
    let parts = || {
        let (rounds, rest) = text.split_once('$')?;
        let (salt, tag) = rest.split_once('$')?;
        let tag = of_len(passlib64(tag)?, over.bytes())?;
        Some((number(rounds)?, passlib64(salt)?, tag))
    };
    let (rounds, salt, tag) =
        parts().ok_or(KdfError::Unusable("it is not PBKDF2's `rounds$salt$hash`"))?;
    Pbkdf2::new(over, rounds, salt, tag)
}

fn phc(over: Over, text: &str) -> Option<Result<Pbkdf2, KdfError>> {
    let (cost, rest) = text.split_once('$')?;
    let (salt, tag) = rest.split_once('$')?;
    let (rounds, len) = cost.split_once(",l=")?;
    let (salt, tag) = (base64_nopad(salt)?, base64_nopad(tag)?);
    let told = usize::try_from(number(len)?).ok()? == tag.len();
    let rounds = number(rounds).filter(|_| told)?;
    Some(Pbkdf2::new(over, rounds, salt, tag))
}

impl Pbkdf2 {
    pub(super) fn new(
        over: Over,
        rounds: u32,
        salt: Vec<u8>,
        tag: Vec<u8>,
    ) -> Result<Self, KdfError> {
        bounded(&salt, &tag)?;
        // A hash longer than the function's own takes all its rounds once more a block.
        let blocks = tag.len().div_ceil(over.bytes());
        let cost = u32::try_from(blocks).map_or(u32::MAX, |blocks| rounds.saturating_mul(blocks));
        if rounds < 1_000 || cost > 10_000_000 {
            return Err(KdfError::Unusable(
                "a PBKDF2 hash takes 1000 to 10000000 rounds here",
            ));
        }
        Ok(Self {
            over,
            rounds,
            salt,
            tag,
        })
    }
}

impl Over {
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

impl Stored for Pbkdf2 {
    fn matches(&self, password: &[u8]) -> Result<bool, KdfError> {
        let mut tag = Zeroizing::new(vec![0; self.tag.len()]);
        let run = match self.over {
            Over::Sha1 => pbkdf2_hmac::<Sha1>,
            Over::Sha256 => pbkdf2_hmac::<Sha256>,
            Over::Sha512 => pbkdf2_hmac::<Sha512>,
        };
        run(password, &self.salt, self.rounds, &mut tag);
        Ok(tag.ct_eq(&self.tag).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bug29_rounds_outside_the_bounds_are_refused_unrun() {
        let tail = "AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        for fits in [
            "$pbkdf2-sha256$1000",
            "$pbkdf2-sha256$10000000",
            "$pbkdf2-sha1$i=5000000,l=32",
            "$pbkdf2-sha512$i=210000,l=32",
        ] {
            assert!(read(&format!("{fits}${tail}")).is_ok(), "{fits}");
        }
        for not in [
            "$pbkdf2-sha256$999",
            "$pbkdf2-sha256$0",
            "$pbkdf2-sha256$10000001",
            "$pbkdf2-sha256$4294967295",
            "$pbkdf2-sha1$i=5000001,l=32",
            "$pbkdf2-md5$600000",
            "$pbkdf2-sha512$i=210000,l=31",
            "$pbkdf2-sha512$i=210000",
            "$pbkdf2-sha256$0600000",
        ] {
            assert!(read(&format!("{not}${tail}")).is_err(), "{not}");
        }
        for tail in [
            "$",
            "AAAA$AAAA",
            "AAAAAAAAAAAAAAAAAAAAAA$",
            "AAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert!(
                read(&format!("$pbkdf2-sha256$600000${tail}")).is_err(),
                "{tail}"
            );
        }
    }

    /// RFC 6070 with 4096 rounds, for the SHA-1 that passlib and ASP.NET V2 are over.
    #[test]
    fn the_rfcs_vector_matches() {
        let hash = Pbkdf2 {
            over: Over::Sha1,
            rounds: 4096,
            salt: b"salt".to_vec(),
            tag: data_encoding::HEXLOWER
                .decode(b"4b007901b765489abead49d926f721d065a429c1")
                .unwrap(),
        };
        assert!(hash.matches(b"password").unwrap());
        assert!(!hash.matches(b"passwore").unwrap());
    }
}
