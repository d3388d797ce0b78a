//! `$2b$`: bcrypt, as every implementation writes it.

use super::format::Stored;
use super::text::{bcrypt64, number};
use crate::KdfError;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A bcrypt hash within bounds: 2 to the 15th rounds take about two seconds.
pub(super) struct Bcrypt {
    cost: u32,
    salt: [u8; 16],
    tag: [u8; 23],
}

const COSTS: std::ops::RangeInclusive<u32> = 4..=15;
/// All that the function looks at. What is longer would be cut off.
const MOST: usize = 72;

/// `$2b$12$`, 22 characters of salt, 31 of hash. `2a` and `2y` name the same function in every
/// implementation that is in use; `2x`, the faulty one of PHP before 5.3.7, is not taken.
pub(super) fn read(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let malformed = KdfError::Unusable("it is no bcrypt hash `$2b$..$..` of 60 characters");
    let parts = || {
        let (variant, rest) = text.strip_prefix("$2")?.split_once('$')?;
        let (cost, rest) = rest.split_once('$')?;
        let two_digits = cost.len() == 2 && matches!(variant, "a" | "b" | "y");
        let cost = number(cost.strip_prefix('0').unwrap_or(cost)).filter(|_| two_digits)?;
        Some((cost, rest.split_at_checked(22)?))
    };
    let (cost, (salt, tag)) = parts().ok_or(malformed)?;
    Ok(Box::new(Bcrypt::new(cost, salt, tag)?))
}

impl Bcrypt {
    pub(super) fn new(cost: u32, salt: &str, tag: &str) -> Result<Self, KdfError> {
        let bytes = || {
            let salt = bcrypt64(salt)?.try_into().ok()?;
            Some((salt, bcrypt64(tag)?.try_into().ok()?))
        };
        let (salt, tag) = bytes().ok_or(KdfError::Unusable("its salt or hash is no bcrypt's"))?;
        if !COSTS.contains(&cost) {
            return Err(KdfError::Unusable("a bcrypt hash costs 4 to 15 here"));
        }
        Ok(Self { cost, salt, tag })
    }
}

impl Stored for Bcrypt {
    /// A password that the function would cut off, at its 72nd byte or at a NUL, matches nothing,
    /// after a run of the same cost (bugs 19 and 30). Of 72 bytes and one of them less, each is
    /// told from the other.
    fn matches(&self, password: &[u8]) -> Result<bool, KdfError> {
        let whole = password.len() <= MOST && !password.contains(&0);
        let mut key = Zeroizing::new(Vec::with_capacity(MOST));
        key.extend(password.iter().chain([&0]).take(MOST));
        let tag = Zeroizing::new(bcrypt::bcrypt(self.cost, self.salt, &key));
        // One byte of the function's 24 is never written down.
        let same: bool = self.tag.ct_eq(tag.get(..23).unwrap_or_default()).into();
        Ok(same && whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(password: &[u8]) -> Bcrypt {
        let salt = [7; 16];
        let mut key = password.to_vec();
        key.push(0);
        key.truncate(72);
        let tag = bcrypt::bcrypt(4, salt, &key)[..23].try_into().unwrap();
        Bcrypt { cost: 4, salt, tag }
    }

    #[test]
    fn bug19_bug30_what_would_be_cut_off_matches_nothing() {
        let hash = made(&[b'a'; 72]);
        assert!(hash.matches(&[b'a'; 72]).unwrap());
        for over in [71, 73, 4096] {
            assert!(!hash.matches(&vec![b'a'; over]).unwrap(), "{over}");
        }
        // The function repeats its key, so these two are one to it.
        let hash = made(b"a");
        assert!(hash.matches(b"a").unwrap());
        assert!(!hash.matches(b"a\0a").unwrap());
        assert!(!made(b"").matches(b"\0").unwrap());
        assert!(made(b"").matches(b"").unwrap());
    }

    #[test]
    fn bug29_a_cost_outside_the_bounds_is_refused_unrun() {
        let tail = "......................u/2vbNCBzAiaCx9zk3MAwTZ8vFgWPaG";
        let tail = &format!("{}{}", &tail[..22], ".".repeat(31));
        assert!(read(&format!("$2b$15${tail}")).is_ok());
        for head in [
            "$2b$16$", "$2b$31$", "$2b$03$", "$2b$00$", "$2b$4$", "$2b$004$", "$2x$12$", "$2$12$",
            "$2b$-4$",
        ] {
            assert!(read(&format!("{head}{tail}")).is_err(), "{head}");
        }
    }
}
