use data_encoding::BASE64URL_NOPAD;
use portcullis_id::{Entropy, EntropyError};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The SHA-256 of a 256-bit secret: all that storage ever keeps of one.
///
/// A plain hash is enough from 112 bit of randomness on (ASVS 6.5.2).
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest as storage keeps it.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A digest read back from storage.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl PartialEq for Digest {
    /// In constant time (bug 34).
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(..)")
    }
}

macro_rules! secret {
    ($($(#[doc = $doc:literal])+ $name:ident)+) => { $(
        $(#[doc = $doc])+
        ///
        /// 256 bit, as 43 characters of base64url. It prints as nothing and cannot be serialised:
        ///
        /// ```compile_fail,E0277
        #[doc = concat!("fn log(secret: portcullis_credentials::", stringify!($name), ") { println!(\"{secret}\"); }")]
        /// ```
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// The text itself, for the one place it must go to.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }

            pub(crate) fn fresh(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
                fresh(entropy).map(Self)
            }

            /// `None` for a text that none of ours can be; storage is then not asked.
            pub(crate) fn digest(&self) -> Option<Digest> {
                digest(self.expose())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(SecretString::from(text))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(SecretString::from(text))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )+ };
}

secret! {
    /// What a browser keeps in its cookie: whoever holds it is in the session.
    SessionSecret
    /// What redeems a one-time token: the tail of an invitation's link, or an open step.
    TokenSecret
}

const BYTES: usize = 32;
const TEXT: usize = 43;

fn fresh(entropy: &dyn Entropy) -> Result<SecretString, EntropyError> {
    let mut bytes = Zeroizing::new([0; BYTES]);
    entropy.fill(bytes.as_mut())?;
    Ok(SecretString::from(BASE64URL_NOPAD.encode(bytes.as_ref())))
}

fn digest(text: &str) -> Option<Digest> {
    if text.len() != TEXT {
        return None;
    }
    let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?);
    Some(Digest(Sha256::digest(bytes.as_slice()).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ones;
    impl Entropy for Ones {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
            bytes.fill(1);
            Ok(())
        }
    }

    #[test]
    fn bug28_a_malformed_secret_is_never_looked_up() {
        for text in [
            "",
            "x",
            &"A".repeat(44),
            &"A".repeat(10_000_000),
            &"=".repeat(43),
        ] {
            assert!(SessionSecret::from(text).digest().is_none());
        }
        let good = SessionSecret::fresh(&Ones).unwrap();
        assert_eq!(
            good.digest().unwrap().bytes(),
            &<[u8; 32]>::from(Sha256::digest([1; 32]))
        );
    }

    #[test]
    fn a_secret_does_not_print() {
        let secret = TokenSecret::fresh(&Ones).unwrap();
        assert!(!format!("{secret:?}{:?}", secret.digest()).contains(&secret.expose()[..4]));
        assert!(!format!("{:?}", secret.digest()).contains('1'));
    }
}
