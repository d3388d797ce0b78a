//! `$argon2id$`, `$argon2i$`, `$argon2d$` with parameters that are not taken for new hashes.

use super::format::Stored;
use super::text::bounded;
use crate::KdfError;
use crate::hashes::argon2id::{self, MOST};
use crate::hashes::phc;
use argon2::Algorithm;
use subtle::ConstantTimeEq;

/// An Argon2 hash, no costlier than any of ours may be.
struct Argon2 {
    algorithm: Algorithm,
    parts: phc::Parts,
}

/// `$argon2i$v=19$m=..,t=..,p=..$salt$hash`. Version 16 was out of use before any of the sources
/// of imports was written.
pub(super) fn read(text: &str) -> Result<Box<dyn Stored>, KdfError> {
    let (algorithm, parts) = [Algorithm::Argon2id, Algorithm::Argon2i, Algorithm::Argon2d]
        .into_iter()
        .find_map(|algorithm| Some((algorithm, phc::read_as(algorithm.as_str(), text)?)))
        .ok_or(KdfError::Unusable(
            "it is no hash `$argon2id$v=19$m=..,t=..,p=..$salt$hash`",
        ))?;
    bounded(&parts.salt, &parts.tag)?;
    let cost = parts.cost;
    // Eight blocks a lane are the least that the function itself takes (RFC 9106, 3.1).
    let least = cost.lanes.checked_mul(8);
    let within = least.is_some_and(|least| cost.memory_kib >= least)
        && cost.memory_kib <= MOST.memory_kib
        && (1..=MOST.passes).contains(&cost.passes)
        && (1..=MOST.lanes).contains(&cost.lanes);
    if !within {
        return Err(KdfError::Unusable(
            "its cost is above m=262144,t=10,p=16, or below m=8 a lane",
        ));
    }
    Ok(Box::new(Argon2 { algorithm, parts }))
}

impl Stored for Argon2 {
    fn matches(&self, password: &[u8]) -> Result<bool, KdfError> {
        let Self { algorithm, parts } = self;
        let tag = argon2id::run(
            *algorithm,
            parts.cost,
            password,
            &parts.salt,
            parts.tag.len(),
        )?;
        Ok(tag.ct_eq(&parts.tag).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bug29_parameters_outside_the_bounds_are_refused_unrun() {
        let tail = "AgICAgICAgICAgICAgICAg$AgICAgICAgICAgICAgICAg";
        for fits in [
            "$argon2i$v=19$m=512,t=2,p=2",
            "$argon2id$v=19$m=262144,t=10,p=16",
            "$argon2d$v=19$m=8,t=1,p=1",
        ] {
            assert!(read(&format!("{fits}${tail}")).is_ok(), "{fits}");
        }
        for not in [
            "$argon2i$v=19$m=262145,t=2,p=2",
            "$argon2i$v=19$m=512,t=11,p=2",
            "$argon2i$v=19$m=512,t=2,p=17",
            "$argon2i$v=19$m=7,t=1,p=1",
            "$argon2i$v=19$m=4294967295,t=4294967295,p=4294967295",
            "$argon2i$v=16$m=512,t=2,p=2",
            "$argon2i$m=512,t=2,p=2",
            "$argon2x$v=19$m=512,t=2,p=2",
        ] {
            assert!(read(&format!("{not}${tail}")).is_err(), "{not}");
        }
    }
}
