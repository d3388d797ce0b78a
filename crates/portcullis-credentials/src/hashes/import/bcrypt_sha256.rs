//! `$bcrypt-sha256$`: bcrypt over a digest, so that no password is too long for it. As passlib
//! writes it; [Django](super::django) has its own way.

use super::bcrypt::Bcrypt;
use super::format::Stored;
use super::text::number;
use crate::KdfError;
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A bcrypt hash of what a digest makes of the password: 44 or 64 characters, none of them NUL.
pub(super) struct Prehashed {
    digest: Prehash,
    hash: Box<dyn Stored>,
}

enum Prehash {
    /// passlib 1.7: an HMAC keyed with the text of the salt.
    Keyed(String),
    /// passlib 1.6.
    Plain,
    Django,
}

/// `$bcrypt-sha256$v=2,t=2b,r=12$salt$hash`, or `$bcrypt-sha256$2b,12$salt$hash`.
pub(super) fn read(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let malformed = KdfError::Unusable("it is no hash `$bcrypt-sha256$v=2,t=2b,r=..$salt$hash`");
    let parts = || {
        let (head, rest) = text.strip_prefix("$bcrypt-sha256$")?.split_once('$')?;
        let (salt, tag) = rest.split_once('$')?;
        let (digest, cost) = match head.strip_prefix("v=2,t=2b,r=") {
            Some(cost) => (Prehash::Keyed(salt.to_owned()), cost),
            None => (
                Prehash::Plain,
                head.strip_prefix("2a,")
                    .or_else(|| head.strip_prefix("2b,"))?,
            ),
        };
        Some((digest, number(cost)?, salt, tag))
    };
    let (digest, cost, salt, tag) = parts().ok_or(malformed)?;
    let hash = Box::new(Bcrypt::new(cost, salt, tag)?);
    Ok(Box::new(Prehashed { digest, hash }))
}

/// What follows `bcrypt_sha256$` with Django.
pub(super) fn django(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let digest = Prehash::Django;
    let hash = super::bcrypt::read(text)?;
    Ok(Box::new(Prehashed { digest, hash }))
}

impl Stored for Prehashed {
    fn matches(&self, password: &[u8]) -> Result<bool, KdfError> {
        let text = match &self.digest {
            Prehash::Keyed(salt) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(salt.as_bytes())
                    .map_err(|error| KdfError::Failed(error.into()))?;
                mac.update(password);
                BASE64.encode(&mac.finalize().into_bytes())
            }
            Prehash::Plain => BASE64.encode(&Sha256::digest(password)),
            Prehash::Django => HEXLOWER.encode(&Sha256::digest(password)),
        };
        self.hash.matches(Zeroizing::new(text).as_bytes())
    }
}
