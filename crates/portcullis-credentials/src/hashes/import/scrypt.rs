//! `$scrypt$`: scrypt (RFC 7914), as passlib and PHC strings have it.

use super::format::Stored;
use super::text::{base64_nopad, bounded, number, of_len};
use crate::KdfError;
use scrypt::Params;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A scrypt hash within bounds: the largest holds 128 MiB.
pub(super) struct Scrypt {
    params: Params,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

/// `$scrypt$ln=16,r=8,p=1$salt$hash`.
pub(super) fn read(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let malformed = KdfError::Unusable("it is no hash `$scrypt$ln=..,r=..,p=..$salt$hash`");
    let parts = || {
        let (cost, rest) = text.strip_prefix("$scrypt$")?.split_once('$')?;
        let (salt, tag) = rest.split_once('$')?;
        let (log_n, cost) = cost.strip_prefix("ln=")?.split_once(",r=")?;
        let (r, p) = cost.split_once(",p=")?;
        let cost = (number(log_n)?, number(r)?, number(p)?);
        Some((cost, base64_nopad(salt)?, of_len(base64_nopad(tag)?, 32)?))
    };
    let ((log_n, r, p), salt, tag) = parts().ok_or(malformed)?;
    Ok(Box::new(Scrypt::new(log_n, r, p, salt, tag)?))
}

impl Scrypt {
    /// `log_n` is the binary logarithm of N.
    pub(super) fn new(
        log_n: u32,
        r: u32,
        p: u32,
        salt: Vec<u8>,
        tag: Vec<u8>,
    ) -> Result<Self, KdfError> {
        let out = KdfError::Unusable("a scrypt hash has ln=10 to 17, r=1 to 8 and p=1 to 10 here");
        let within = (10..=17).contains(&log_n) && (1..=8).contains(&r) && (1..=10).contains(&p);
        let params = u8::try_from(log_n).ok().filter(|_| within);
        let params = params
            .and_then(|log_n| Params::new(log_n, r, p).ok())
            .ok_or(out)?;
        bounded(&salt, &tag)?;
        Ok(Self { params, salt, tag })
    }
}

impl Stored for Scrypt {
    fn matches(&self, password: &[u8]) -> Result<bool, KdfError> {
        let mut tag = Zeroizing::new(vec![0; self.tag.len()]);
        scrypt::scrypt(password, &self.salt, &self.params, &mut tag)
            .map_err(|error| KdfError::Failed(error.into()))?;
        Ok(tag.ct_eq(&self.tag).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bug29_parameters_outside_the_bounds_are_refused_unrun() {
        let tail = "AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(read(&format!("$scrypt$ln=17,r=8,p=10${tail}")).is_ok());
        for cost in [
            "ln=18,r=8,p=1",
            "ln=9,r=8,p=1",
            "ln=16,r=9,p=1",
            "ln=16,r=8,p=11",
            "ln=16,r=0,p=1",
            "ln=16,r=8,p=0",
            "ln=4294967295,r=8,p=1",
            "ln=16,r=8",
            "ln=16,r=8,p=1,x=1",
        ] {
            assert!(read(&format!("$scrypt${cost}${tail}")).is_err(), "{cost}");
        }
        for tail in [
            "AAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAA$AAAA",
            "AAAAAAAAAAAAAAAAAAAAAA$",
            "$",
        ] {
            assert!(
                read(&format!("$scrypt$ln=16,r=8,p=1${tail}")).is_err(),
                "{tail}"
            );
        }
    }
}
