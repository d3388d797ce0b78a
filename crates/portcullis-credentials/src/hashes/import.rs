//! Accounts that come from another program, with the hashes that it made.

mod argon2;
mod aspnet;
mod bcrypt;
mod bcrypt_sha256;
mod django;
mod format;
mod ldap;
mod pbkdf2;
mod scrypt;
mod text;

use crate::{Argon2id, Kdf, KdfError, PasswordHash};
use format::Stored;
use portcullis_id::Entropy;
use std::fmt;

/// A function that also knows the hashes of other programs, so that their users keep their
/// passwords. It compares with them and never makes one: at the first sign-in that succeeds the
/// function within hashes the password anew, and the old hash is gone.
///
/// | taken | within |
/// |---|---|
/// | bcrypt `$2a$`, `$2b$`, `$2y$` | cost 4 to 15 |
/// | scrypt `$scrypt$` | N 2^10 to 2^17, r to 8, p to 10 |
/// | PBKDF2 `$pbkdf2$`, `$pbkdf2-sha256$`, `$pbkdf2-sha512$` | 1000 to 10 million rounds |
/// | Argon2 `$argon2id$`, `$argon2i$`, `$argon2d$` | m to 262144, t to 10, p to 16 |
/// | Django `pbkdf2_sha256`, `pbkdf2_sha1`, `argon2`, `bcrypt`, `bcrypt_sha256`, `scrypt` | the same |
/// | ASP.NET Core Identity, versions 2 and 3 | the same |
/// | passlib: the above, and `$bcrypt-sha256$` | the same |
/// | LDAP `{PBKDF2}`, `{PBKDF2-SHA256}`, `{PBKDF2-SHA512}`, `{PKCS5S2}`, `{ARGON2}`, `{CRYPT}` of bcrypt | the same |
/// | LDAP `{SSHA}`, `{SSHA256}`, `{SSHA384}`, `{SSHA512}` | [if asked for](Self::with_fast_digests) |
///
/// What is outside of that is refused before it is run, at the import and at a sign-in alike (bug
/// 29). A run may hold 256 MiB, the ceiling of [`Argon2id`]: with such hashes, set the
/// [budget](crate::HashBudget) of parallel runs by it. Nothing without a salt is taken, and nothing over MD5: who copies such a database has the
/// passwords. Whose hash is not taken gets an invitation instead.
///
/// ```
/// use portcullis_credentials::{Argon2id, Importing, Kdf, PasswordHash};
/// # use portcullis_id::{Entropy, EntropyError};
/// # struct Fixed;
/// # impl Entropy for Fixed {
/// #     fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> { bytes.fill(4); Ok(()) }
/// # }
/// # let entropy = &Fixed;
/// let kdf = Importing::new(Argon2id::default(), entropy)?;
/// let old = PasswordHash::from_phc(
///     "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe",
/// );
/// assert!(kdf.verify("a", &old)? && !kdf.verify("b", &old)?);
/// assert!(kdf.outdated(&old) && !kdf.outdated(&kdf.hash("a", entropy)?));
/// # Ok::<(), portcullis_credentials::KdfError>(())
/// ```
///
/// # What the time tells
/// A comparison with an old hash takes its own time and one run of the function within, so an
/// account with a cheap one costs what an unknown name costs (bug 20). One with a costly hash
/// takes longer than an unknown name, which shows that it exists and has not been used since the
/// import. [`level_with`](Self::level_with) takes that away, for the price of the longer time at
/// every sign-in, as long as such accounts are left.
pub struct Importing<K = Argon2id> {
    within: K,
    dummy: PasswordHash,
    level: Option<Box<dyn Stored>>,
    fast_digests: bool,
}

impl<K: Kdf> Importing<K> {
    /// `within`, and the formats above. Runs it once, for the hash that old ones are levelled
    /// with.
    ///
    /// # Errors
    /// [`KdfError`] when that one run fails.
    pub fn new(within: K, entropy: &dyn Entropy) -> Result<Self, KdfError> {
        let dummy = within.hash("dummy", entropy)?;
        Ok(Self {
            within,
            dummy,
            level: None,
            fast_digests: false,
        })
    }

    /// With `{SSHA}` and its like, of one run of a fast digest. A stolen copy of such hashes is
    /// guessed at billions a second, here as where they come from: take them where users cannot
    /// be asked for new passwords, and see to it that who does not sign in soon gets an
    /// invitation.
    #[must_use]
    pub fn with_fast_digests(self) -> Self {
        Self {
            fast_digests: true,
            ..self
        }
    }

    /// Every comparison, also one for an unknown name, takes the time of one with `sample`: give
    /// the costliest of the imported hashes.
    ///
    /// # Errors
    /// [`KdfError::Unusable`] for a hash of no format above.
    pub fn level_with(self, sample: &PasswordHash) -> Result<Self, KdfError> {
        let level = Some(self.read(sample)?);
        Ok(Self { level, ..self })
    }

    fn read(&self, hash: &PasswordHash) -> Result<Box<dyn Stored>, KdfError> {
        let stored = format::read(hash.expose())?;
        if stored.is_fast() && !self.fast_digests {
            return Err(KdfError::Unusable(
                "it is one run of a fast digest; take such hashes with `with_fast_digests`",
            ));
        }
        Ok(stored)
    }
}

impl<K: Kdf> Kdf for Importing<K> {
    fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        self.within.hash(password, entropy)
    }

    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        if self.within.check(hash).is_ok() {
            if let Some(level) = &self.level {
                level.matches(b"")?;
            }
            return self.within.verify(password, hash);
        }
        let right = self.read(hash)?.matches(password.as_bytes())?;
        self.within.verify("", &self.dummy)?;
        Ok(right)
    }

    fn check(&self, hash: &PasswordHash) -> Result<(), KdfError> {
        self.within
            .check(hash)
            .or_else(|_| self.read(hash).map(drop))
    }

    fn outdated(&self, hash: &PasswordHash) -> bool {
        self.within.check(hash).is_err() || self.within.outdated(hash)
    }
}

impl<K> fmt::Debug for Importing<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Importing")
            .field("fast_digests", &self.fast_digests)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_id::EntropyError;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Ones;
    impl Entropy for Ones {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
            bytes.fill(1);
            Ok(())
        }
    }

    /// Counts its runs, as the function within and as the sample that others are levelled with.
    #[derive(Clone, Default)]
    struct Counting(Arc<AtomicUsize>);

    impl Counting {
        fn taken(&self) -> usize {
            self.0.swap(0, Ordering::SeqCst)
        }
    }

    impl Kdf for Counting {
        fn hash(&self, password: &str, _: &dyn Entropy) -> Result<PasswordHash, KdfError> {
            Ok(PasswordHash::from_phc(format!("plain${password}")))
        }
        fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(hash.expose() == format!("plain${password}"))
        }
        fn check(&self, hash: &PasswordHash) -> Result<(), KdfError> {
            let own = hash.expose().starts_with("plain$");
            own.then_some(())
                .ok_or(KdfError::Unusable("give a plain one"))
        }
    }

    impl Stored for Counting {
        fn matches(&self, _: &[u8]) -> Result<bool, KdfError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(true)
        }
    }

    const OLD: &str = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";

    #[test]
    fn bug20_an_old_hash_costs_one_run_of_the_present_function_too() {
        let within = Counting::default();
        let kdf = Importing::new(within.clone(), &Ones).unwrap();
        let own = kdf.hash("a", &Ones).unwrap();
        let old = PasswordHash::from_phc(OLD);
        let long = "a".repeat(100);
        for password in ["a", "b", "", "a\0a", &long] {
            for hash in [&own, &old] {
                let right = kdf.verify(password, hash).unwrap();
                assert_eq!(right, password == "a", "{password:?}");
                assert_eq!(within.taken(), 1, "{password:?}");
            }
        }
        assert!(!kdf.outdated(&own) && kdf.outdated(&old));
    }

    #[test]
    fn bug20_levelled_each_comparison_takes_a_run_of_both() {
        let (within, sample) = (Counting::default(), Counting::default());
        let mut kdf = Importing::new(within.clone(), &Ones).unwrap();
        kdf.level = Some(Box::new(sample.clone()));
        let own = kdf.hash("a", &Ones).unwrap();
        assert!(kdf.verify("a", &own).unwrap());
        assert!(
            !kdf.verify("b", &own).unwrap(),
            "the sample decides nothing"
        );
        assert_eq!((within.taken(), sample.taken()), (2, 2));
        // One of the old ones stands for the sample itself.
        assert!(kdf.verify("a", &PasswordHash::from_phc(OLD)).unwrap());
        assert_eq!((within.taken(), sample.taken()), (1, 0));
        assert!(
            Importing::new(within.clone(), &Ones)
                .unwrap()
                .level_with(&own)
                .is_err()
        );
        assert!(
            Importing::new(within, &Ones)
                .unwrap()
                .level_with(&PasswordHash::from_phc(OLD))
                .is_ok()
        );
    }

    #[test]
    fn bug30_a_corrupt_hash_is_refused_and_runs_nothing() {
        let within = Counting::default();
        let kdf = Importing::new(within.clone(), &Ones).unwrap();
        for text in ["", "$2a$06$", "{SSHA}AAAA", "pbkdf2_sha256$", "A", "plain"] {
            let hash = PasswordHash::from_phc(text);
            assert!(
                kdf.verify("", &hash).is_err() && kdf.check(&hash).is_err(),
                "{text}"
            );
        }
        assert_eq!(within.taken(), 0);
    }

    #[test]
    fn it_prints_no_hash() {
        let kdf = Importing::new(Argon2id::default(), &Ones).unwrap();
        let kdf = kdf.level_with(&PasswordHash::from_phc(OLD)).unwrap();
        assert!(!format!("{kdf:?}").contains('$'));
    }
}
