mod buffers;

use super::phc;
use crate::{Kdf, KdfError, PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use buffers::Buffer;
use portcullis_id::Entropy;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Argon2id (RFC 9106) with the parameters of this installation.
///
/// ```
/// use portcullis_credentials::Argon2id;
/// let floor = Argon2id::default();                   // 19456 KiB, 2 passes, 1 lane
/// let more = Argon2id::new(47_104, 2, 1)?;
/// assert!(Argon2id::new(8, 1, 1).is_err());          // below what OWASP calls the minimum
/// # Ok::<(), portcullis_credentials::KdfError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2id {
    cost: Cost,
}

/// What one run takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

const TAG: usize = 32;
const SALT: usize = 16;
/// Memory and passes that OWASP holds to be of one strength, the weakest allowed.
const FLOORS: [(u32, u32); 2] = [(19_456, 2), (47_104, 1)];
/// The ceiling, which also bounds every imported hash.
pub(crate) const MOST: Cost = Cost {
    memory_kib: 262_144,
    passes: 10,
    lanes: 16,
};

impl Default for Argon2id {
    /// The floor: 19456 KiB, 2 passes, 1 lane (OWASP Password Storage; about 31 ms).
    fn default() -> Self {
        Self {
            cost: Cost {
                memory_kib: 19_456,
                passes: 2,
                lanes: 1,
            },
        }
    }
}

impl Argon2id {
    /// Argon2id over `memory_kib` KiB, `passes` times, in `lanes` lanes.
    ///
    /// # Errors
    /// [`KdfError::Unusable`] below the floor (19456 KiB with 2 passes, or 47104 KiB with 1) and
    /// above the ceiling (256 MiB, 10 passes, 16 lanes), which also bounds every imported hash.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, KdfError> {
        let cost = Cost {
            memory_kib,
            passes,
            lanes,
        };
        bounded(cost)?;
        Ok(Self { cost })
    }
}

impl Kdf for Argon2id {
    fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        let mut salt = [0; SALT];
        entropy.fill(&mut salt)?;
        let tag = run(
            Algorithm::Argon2id,
            self.cost,
            password.as_bytes(),
            &salt,
            TAG,
        )?;
        Ok(PasswordHash::from_phc(phc::write(self.cost, &salt, &tag)))
    }

    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        let stored = read(hash)?;
        let (password, len) = (password.as_bytes(), stored.tag.len());
        let tag = run(
            Algorithm::Argon2id,
            stored.cost,
            password,
            &stored.salt,
            len,
        )?;
        // A hash from before the parameters were raised must not be told by its time (bug 20).
        if let Some(rest) = self.cost.beyond(stored.cost) {
            run(Algorithm::Argon2id, rest, b"", &stored.salt, len)?;
        }
        Ok(tag.ct_eq(&stored.tag).into())
    }

    fn check(&self, hash: &PasswordHash) -> Result<(), KdfError> {
        read(hash).map(drop)
    }

    /// Of another kind, or of less work than the present parameters ask for.
    fn outdated(&self, hash: &PasswordHash) -> bool {
        read(hash).map_or(true, |stored| stored.cost.work() < self.cost.work())
    }
}

impl Cost {
    /// Blocks of one KiB that are filled: what the time goes with.
    fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    /// A run that takes what a run at `done` lacks to one at this cost, in no more memory.
    fn beyond(self, done: Self) -> Option<Self> {
        let missing = self.work().checked_sub(done.work())?;
        let passes = missing.div_ceil(u64::from(self.memory_kib)).max(1);
        Some(Self {
            memory_kib: u32::try_from(missing / passes).ok()?,
            passes: u32::try_from(passes).ok()?,
            lanes: 1,
        })
        .filter(|rest| rest.memory_kib >= 8)
    }
}

fn read(hash: &PasswordHash) -> Result<phc::Parts, KdfError> {
    let parts = phc::read(hash.expose()).ok_or(KdfError::Unusable(
        "give an argon2id hash as `$argon2id$v=19$m=..,t=..,p=..$salt$hash`",
    ))?;
    bounded(parts.cost)?;
    if !(SALT..=64).contains(&parts.salt.len()) || !(16..=64).contains(&parts.tag.len()) {
        return Err(KdfError::Unusable(
            "salt and hash must have 16 to 64 bytes each",
        ));
    }
    Ok(parts)
}

fn bounded(cost: Cost) -> Result<(), KdfError> {
    let enough = FLOORS
        .iter()
        .any(|&(memory, passes)| cost.memory_kib >= memory && cost.passes >= passes);
    if !enough {
        return Err(KdfError::Unusable(
            "its cost is below m=19456,t=2 (or m=47104,t=1); have the password set anew",
        ));
    }
    if cost.memory_kib > MOST.memory_kib || cost.passes > MOST.passes {
        return Err(KdfError::Unusable("its cost is above m=262144,t=10"));
    }
    if !(1..=MOST.lanes).contains(&cost.lanes) {
        return Err(KdfError::Unusable("it must have 1 to 16 lanes (p=1..16)"));
    }
    Ok(())
}

/// One run, of whichever variant.
pub(crate) fn run(
    algorithm: Algorithm,
    cost: Cost,
    password: &[u8],
    salt: &[u8],
    len: usize,
) -> Result<Zeroizing<Vec<u8>>, KdfError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(len))
        .map_err(|error| KdfError::Failed(error.into()))?;
    let mut tag = Zeroizing::new(vec![0; len]);
    let buffer = Buffer::of(params.block_count())?;
    Argon2::new(algorithm, Version::V0x13, params)
        .hash_password_into_with_memory(password, salt, &mut tag, buffer)
        .map_err(|error| KdfError::Failed(error.into()))?;
    Ok(tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_id::EntropyError;

    struct Twos;
    impl Entropy for Twos {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
            bytes.fill(2);
            Ok(())
        }
    }

    const FOREIGN: &str = "$argon2id$v=19$m=65536,t=3,p=4$AgICAgICAgICAgICAgICAg$";

    #[test]
    fn a_hash_verifies_its_password_alone() {
        let kdf = Argon2id::default();
        let hash = kdf.hash("correct horse battery", &Twos).unwrap();
        assert!(
            hash.expose()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$AgIC")
        );
        assert!(kdf.verify("correct horse battery", &hash).unwrap());
        assert!(!kdf.verify("correct horse batterz", &hash).unwrap());
        assert!(!format!("{hash:?}").contains("argon2id"));
    }

    #[test]
    fn bug29_stored_parameters_outside_the_bounds_are_refused_unrun() {
        let kdf = Argon2id::default();
        let tag = "A".repeat(43);
        for (m, t, p) in [
            (8, 1, 1),
            (19_455, 2, 1),
            (19_456, 1, 1),
            (262_145, 2, 1),
            (u32::MAX, 3, 1),
            (19_456, 11, 1),
            (19_456, 2, 17),
            (19_456, 2, 0),
        ] {
            let hash = PasswordHash::from_phc(format!(
                "$argon2id$v=19$m={m},t={t},p={p}$AgICAgICAgICAgICAgICAg${tag}"
            ));
            assert!(kdf.verify("x", &hash).is_err(), "{m} {t} {p}");
            assert!(kdf.check(&hash).is_err(), "{m} {t} {p}");
        }
        assert!(
            kdf.check(&PasswordHash::from_phc(format!("{FOREIGN}{tag}")))
                .is_ok()
        );
    }

    #[test]
    fn bug20_a_run_on_a_weaker_hash_is_topped_up() {
        let cost = |(memory_kib, passes): (u32, u32)| Cost {
            memory_kib,
            passes,
            lanes: 1,
        };
        for (present, stored) in [
            ((19_456, 2), (19_456, 2)),
            ((19_456, 2), (65_536, 3)),
            ((47_104, 1), (19_456, 2)),
            ((65_536, 3), (19_456, 2)),
            ((262_144, 10), (19_456, 2)),
        ] {
            let (present, stored) = (cost(present), cost(stored));
            let rest = present.beyond(stored);
            let spent = stored.work() + rest.map_or(0, Cost::work);
            assert!(present.work().saturating_sub(spent) < 16, "{present:?}");
            assert!(rest.is_none_or(|rest| rest.memory_kib <= present.memory_kib));
        }
    }

    #[test]
    fn of_another_kind_or_of_less_work_is_outdated() {
        let tag = "A".repeat(43);
        let stored = |text: String| PasswordHash::from_phc(text);
        let strong = stored(format!("{FOREIGN}{tag}"));
        let floor = stored(format!(
            "$argon2id$v=19$m=19456,t=2,p=1$AgICAgICAgICAgICAgICAg${tag}"
        ));
        assert!(!Argon2id::default().outdated(&strong));
        assert!(!Argon2id::default().outdated(&floor));
        assert!(Argon2id::new(47_104, 1, 1).unwrap().outdated(&floor));
        assert!(Argon2id::default().outdated(&stored("$2b$12$".to_owned())));
    }

    #[test]
    fn bug30_a_corrupt_hash_never_verifies() {
        let kdf = Argon2id::default();
        for text in [
            "",
            "$",
            "$argon2id$",
            "x",
            FOREIGN,
            "$argon2id$v=19$m=19456,t=2,p=1$$",
            "$argon2id$v=19$m=19456,t=2,p=1$AgICAgICAgICAgICAgICAg$",
        ] {
            assert!(
                kdf.verify("", &PasswordHash::from_phc(text)).is_err(),
                "{text}"
            );
        }
    }

    /// Made by argon2-cffi 25.1, that is by the reference implementation in C.
    #[test]
    fn an_independent_peers_hashes_verify() {
        let kdf = Argon2id::default();
        for (password, hash) in [
            (
                "correct horse battery staple",
                "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0",
            ),
            (
                "p\u{e4}ssword of a peer",
                "$argon2id$v=19$m=65536,t=3,p=4$ZmVkY2JhOTg3NjU0MzIxMA$BZHt1gftR+GnnW2/CarJ1QlIhrFVyYTodFiSczG/tZo",
            ),
        ] {
            let hash = PasswordHash::from_phc(hash);
            assert!(kdf.verify(password, &hash).unwrap());
            assert!(!kdf.verify("another password", &hash).unwrap());
        }
    }
}
