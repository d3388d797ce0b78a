//! Which format a hash is of: told from how its text begins.

use super::text::MAX_BYTES;
use super::{argon2, aspnet, bcrypt, bcrypt_sha256, django, ldap, pbkdf2, scrypt};
use crate::KdfError;

/// A hash that another program made, read, and within the bounds of what may be run.
pub(super) trait Stored: Send + Sync {
    /// Whether it was made from `password`. It costs the same whatever the password is.
    fn matches(&self, password: &[u8]) -> Result<bool, KdfError>;

    /// Whether it is one run of a fast digest, which a stolen copy is guessed from at billions a
    /// second.
    fn is_fast(&self) -> bool {
        false
    }
}

type Read = fn(&str) -> Result<Box<dyn Stored>, KdfError>;

/// No beginning is the beginning of another, so their order says nothing.
const FORMATS: [(&str, Read); 15] = [
    ("$2a$", bcrypt::read),
    ("$2b$", bcrypt::read),
    ("$2y$", bcrypt::read),
    ("$argon2", argon2::read),
    ("$bcrypt-sha256$", bcrypt_sha256::read),
    ("$pbkdf2", pbkdf2::read),
    ("$scrypt$", scrypt::read),
    ("pbkdf2_sha256$", django::read),
    ("pbkdf2_sha1$", django::read),
    ("argon2$", django::read),
    ("bcrypt$", django::read),
    ("bcrypt_sha256$", django::read),
    ("scrypt$", django::read),
    ("{", ldap::read),
    // Base64 of a byte 0 or 1 and of more.
    ("A", aspnet::read),
];

pub(super) fn read(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let unknown = KdfError::Unusable(
        "give one of argon2, bcrypt, scrypt or PBKDF2, or of Django, ASP.NET Identity, passlib or LDAP",
    );
    if text.len() > MAX_BYTES {
        return Err(unknown);
    }
    let format = FORMATS.iter().find(|(head, _)| text.starts_with(head));
    let (_, read) = format.ok_or(unknown)?;
    read(text)
}
