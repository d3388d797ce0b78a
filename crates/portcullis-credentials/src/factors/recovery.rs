use crate::{CredentialError, Digest};
use data_encoding::BASE32_NOPAD;
use portcullis_id::Entropy;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// Ten codes for who has lost the authenticator app, each good once. Shown once: only their digests
/// are kept, for which a plain hash is enough from 112 bit on (ASVS 6.5.2); each has 120.
#[must_use = "show them, they are nowhere else"]
pub struct RecoveryCodes(Vec<SecretString>);

const CODES: usize = 10;
const BYTES: usize = 15;

impl RecoveryCodes {
    /// The codes, as `ABCD-EFGH-..` in base32.
    pub fn codes(&self) -> &[SecretString] {
        &self.0
    }

    pub(crate) fn fresh(entropy: &dyn Entropy) -> Result<(Self, Vec<Digest>), CredentialError> {
        let (mut codes, mut digests) = (Vec::new(), Vec::new());
        for _ in 0..CODES {
            let mut bytes = Zeroizing::new([0; BYTES]);
            entropy.fill(bytes.as_mut())?;
            codes.push(SecretString::from(written(bytes.as_slice())));
            digests.push(digest(bytes.as_slice()));
        }
        Ok((Self(codes), digests))
    }
}

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCodes(..)")
    }
}

/// The digest of a code as typed: dashes, spaces and case count for nothing. `None` for what none of
/// ours can be; storage is then not asked (bug 28).
pub(crate) fn read(typed: &str) -> Option<Digest> {
    if typed.len() > 64 {
        return None;
    }
    let plain: Zeroizing<String> = Zeroizing::new(
        typed
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .map(|c| c.to_ascii_uppercase())
            .collect(),
    );
    let bytes = Zeroizing::new(BASE32_NOPAD.decode(plain.as_bytes()).ok()?);
    (bytes.len() == BYTES).then(|| digest(&bytes))
}

fn digest(bytes: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(bytes).into())
}

fn written(bytes: &[u8]) -> String {
    let plain = Zeroizing::new(BASE32_NOPAD.encode(bytes));
    let mut written = String::with_capacity(29);
    for (n, c) in plain.chars().enumerate() {
        if n > 0 && n % 4 == 0 {
            written.push('-');
        }
        written.push(c);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_id::EntropyError;
    use secrecy::ExposeSecret;
    use std::sync::atomic::{AtomicU8, Ordering};

    #[derive(Default)]
    struct Counting(AtomicU8);
    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
            for byte in bytes {
                *byte = self.0.fetch_add(1, Ordering::SeqCst);
            }
            Ok(())
        }
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let (codes, digests) = RecoveryCodes::fresh(&Counting::default()).unwrap();
        assert_eq!((codes.codes().len(), digests.len()), (10, 10));
        assert_eq!(
            codes.codes()[0].expose_secret(),
            "AAAQ-EAYE-AUDA-OCAJ-BIFQ-YDIO"
        );
        for (code, digest) in codes.codes().iter().zip(&digests) {
            let text = code.expose_secret();
            for typed in [text.to_owned(), text.to_lowercase(), text.replace('-', " ")] {
                assert_eq!(read(&typed), Some(*digest), "{typed}");
            }
        }
        assert_ne!(digests[0], digests[1]);
        assert_eq!(format!("{codes:?}"), "RecoveryCodes(..)");
    }

    #[test]
    fn bug28_what_is_no_code_is_never_looked_up() {
        let long = "A".repeat(10_000_000);
        for typed in [
            "",
            "AAAQ",
            "AAAQEAYEAUDAOCAJBIFQYDIO1",
            "AAAQEAYEAUDAOCAJBIFQYDI1",
            &long,
        ] {
            assert_eq!(read(typed), None);
        }
    }
}
