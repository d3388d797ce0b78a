//! Django's hashes: the name of the hasher, `$`, and what it wrote. Checked with Django 5.2.

use super::format::Stored;
use super::pbkdf2::{Over, Pbkdf2};
use super::scrypt::Scrypt;
use super::text::{base64, number, of_len};
use super::{argon2, bcrypt, bcrypt_sha256};
use crate::KdfError;

/// `pbkdf2_sha256$`, `pbkdf2_sha1$`, `argon2$`, `bcrypt$`, `bcrypt_sha256$`, `scrypt$`. The names
/// `md5` and `sha1` are of one fast digest each, and Django itself has given them up; `!` stands
/// for no password.
pub(super) fn read(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let Some((hasher, rest)) = text.split_once('$') else {
        return Err(KdfError::Unusable(MALFORMED));
    };
    match hasher {
        "pbkdf2_sha256" => pbkdf2(Over::Sha256, rest),
        "pbkdf2_sha1" => pbkdf2(Over::Sha1, rest),
        "argon2" => argon2::read(&format!("${rest}")),
        "bcrypt" => bcrypt::read(rest),
        "bcrypt_sha256" => bcrypt_sha256::django(rest),
        "scrypt" => scrypt(rest),
        _ => Err(KdfError::Unusable(MALFORMED)),
    }
}

const MALFORMED: &str = "it is no hash that Django's present hashers write";

/// The salt is text, and is hashed as text.
fn pbkdf2(over: Over, text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let parts = || {
        let (rounds, rest) = text.split_once('$')?;
        let (salt, tag) = rest.split_once('$')?;
        let tag = of_len(base64(tag)?, over.bytes())?;
        Some((number(rounds)?, salt.as_bytes().to_vec(), tag))
    };
    let (rounds, salt, tag) = parts().ok_or(KdfError::Unusable(MALFORMED))?;
    Ok(Box::new(Pbkdf2::new(over, rounds, salt, tag)?))
}

fn scrypt(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let parts = || {
        let (n, rest) = text.split_once('$')?;
        let (salt, rest) = rest.split_once('$')?;
        let (r, rest) = rest.split_once('$')?;
        let (p, tag) = rest.split_once('$')?;
        let log_n = number(n).filter(|n| n.is_power_of_two())?.ilog2();
        let salt = salt.as_bytes().to_vec();
        let tag = of_len(base64(tag)?, 64)?;
        Some((log_n, number(r)?, number(p)?, salt, tag))
    };
    let (log_n, r, p, salt, tag) = parts().ok_or(KdfError::Unusable(MALFORMED))?;
    Ok(Box::new(Scrypt::new(log_n, r, p, salt, tag)?))
}
