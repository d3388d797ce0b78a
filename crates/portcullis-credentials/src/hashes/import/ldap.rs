//! `{SSHA}`, `{PBKDF2-SHA256}`: what directories keep in `userPassword` (RFC 3112).

use super::format::Stored;
use super::pbkdf2::{Over, Pbkdf2, passlib};
use super::text::base64;
use super::{argon2, bcrypt};
use crate::KdfError;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

/// The scheme in braces, in capitals or not, and its value.
///
/// `{CRYPT}` is taken where bcrypt is inside, `{ARGON2}` always. `{CLEARTEXT}`, `{MD5}`, `{SMD5}`
/// and `{SHA}` are not taken at all: without a salt, or with a broken function, who copies such a
/// database has the passwords, and keeping it in ours would make it ours to lose.
pub(super) fn read(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let unknown = KdfError::Unusable("its scheme in braces is none that is taken");
    let Some((scheme, value)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
        return Err(unknown);
    };
    Ok(match scheme.to_ascii_uppercase().as_str() {
        "PBKDF2" | "PBKDF2-SHA1" => Box::new(passlib(Over::Sha1, value)?),
        "PBKDF2-SHA256" => Box::new(passlib(Over::Sha256, value)?),
        "PBKDF2-SHA512" => Box::new(passlib(Over::Sha512, value)?),
        "PKCS5S2" => Box::new(pkcs5s2(value)?),
        "CRYPT" => bcrypt::read(value)?,
        "ARGON2" => argon2::read(value)?,
        "SSHA" => Box::new(Salted::read::<Sha1>(value)?),
        "SSHA256" => Box::new(Salted::read::<Sha256>(value)?),
        "SSHA384" => Box::new(Salted::read::<Sha384>(value)?),
        "SSHA512" => Box::new(Salted::read::<Sha512>(value)?),
        _ => return Err(unknown),
    })
}

/// Atlassian's: 10000 rounds over SHA-1, the salt before the hash.
fn pkcs5s2(value: &str) -> Result<Pbkdf2, KdfError> {
    let malformed = KdfError::Unusable("it is no hash `{PKCS5S2}` of 48 bytes");
    let bytes = base64(value).filter(|bytes| bytes.len() == 48);
    let (salt, tag) = bytes
        .as_deref()
        .and_then(|bytes| bytes.split_at_checked(16))
        .ok_or(malformed)?;
    Pbkdf2::new(Over::Sha1, 10_000, salt.to_vec(), tag.to_vec())
}

/// One run of a digest over the password and a salt.
struct Salted {
    digest: fn(&[u8], &[u8]) -> Vec<u8>,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

impl Salted {
    /// The hash, then at least four bytes of salt.
    fn read<D: Digest>(value: &str) -> Result<Self, KdfError> {
        let bytes = base64(value);
        let parts = bytes
            .as_deref()
            .and_then(|bytes| bytes.split_at_checked(<D as Digest>::output_size()))
            .filter(|(_, salt)| (4..=64).contains(&salt.len()));
        let (tag, salt) = parts.ok_or(KdfError::Unusable(
            "its hash is cut off, or its salt has not 4 to 64 bytes",
        ))?;
        Ok(Self {
            digest: |password, salt| {
                D::new()
                    .chain_update(password)
                    .chain_update(salt)
                    .finalize()
                    .to_vec()
            },
            salt: salt.to_vec(),
            tag: tag.to_vec(),
        })
    }
}

impl Stored for Salted {
    fn matches(&self, password: &[u8]) -> Result<bool, KdfError> {
        let tag = (self.digest)(password, &self.salt);
        Ok(tag.ct_eq(&self.tag).into())
    }

    fn is_fast(&self) -> bool {
        true
    }
}
