use crate::CredentialError;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use portcullis_id::{Entropy, UserId};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use zeroize::Zeroizing;

/// The keys under which secrets lie in storage that must be read again: those of authenticator apps,
/// passwords that wait for their mail, and, where the policy seals them, password hashes.
///
/// One key seals, and any number of older ones open what was sealed before them. The keys are kept
/// apart from the database, so a copy of that is worth nothing alone (NIST SP 800-63B-4, 3.1.1.2).
/// Each row names the key it needs and is bound to its user and its use, so rows can neither be
/// swapped nor put to another use. To change keys, let the new one seal and the old one open,
/// [seal everything anew](crate::Credentials::reseal), and drop the old one when the answer says so.
///
/// ```
/// use portcullis_credentials::{KeyRing, SecretString};
/// # fn configured(_: &str) -> SecretString { SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=") }
/// let ring = KeyRing::new("2026-11", &configured("PORTAL_KEY"))?
///     .opening("2025-03", &configured("PORTAL_KEY_BEFORE"))?;
/// assert_eq!(format!("{ring:?}"), "KeyRing { seals: \"2026-11\", opens: [\"2025-03\"] }");
/// # Ok::<(), portcullis_credentials::KeyRingError>(())
/// ```
pub struct KeyRing {
    seals: Key,
    opens: Vec<Key>,
}

struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// A key, or what was sealed, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRingError {
    /// The id of a key is unusable, or taken by another in the ring.
    #[error(
        "`{0}` cannot name a key; take 1 to 32 of a-z, 0-9, `.`, `_` and `-`, another for each key"
    )]
    Id(String),
    /// A key is none.
    #[error("the key `{0}` is not 32 bytes in base64; make one with `openssl rand -base64 32`")]
    Key(String),
    /// There is no ring, and a secret would have to be kept or opened.
    #[error(
        "a secret would have to be kept; give the credential rules a key ring to seal it under"
    )]
    Missing,
    /// A row needs a key that is not in the ring.
    #[error("a secret was sealed under the key `{0}`; put that key back into the ring")]
    Unknown(String),
    /// A row does not open: it was changed, or is another user's.
    #[error(
        "a sealed secret does not open; restore the row from a backup, or remove the factor or set a new password"
    )]
    Broken,
}

/// A secret as storage keeps it: `x1$<key>$<nonce and ciphertext in base64url>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(String);

const FORMAT: &str = "x1";
const NONCE: usize = 24;

impl Sealed {
    /// The text, for storage.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// A text that storage gave back. Whether it opens comes out when it is opened.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The same, if `text` is one at all.
    pub(crate) fn recognised(text: &str) -> Option<Self> {
        let sealed = Self::from_stored(text);
        sealed.key().is_some().then_some(sealed)
    }

    /// The key it was sealed under, if it is one of ours.
    fn key(&self) -> Option<(&str, &str)> {
        let rest = self.0.strip_prefix(FORMAT)?.strip_prefix('$')?;
        rest.split_once('$')
    }
}

impl KeyRing {
    /// A ring whose one key is 32 bytes in base64; `id` names it for ever.
    ///
    /// # Errors
    /// [`KeyRingError::Id`] and [`KeyRingError::Key`].
    pub fn new(id: &str, key: &SecretString) -> Result<Self, KeyRingError> {
        Ok(Self {
            seals: Key::new(id, key)?,
            opens: Vec::new(),
        })
    }

    /// The same with an older key that opens and does not seal.
    ///
    /// # Errors
    /// As [`KeyRing::new`].
    pub fn opening(mut self, id: &str, key: &SecretString) -> Result<Self, KeyRingError> {
        if self.find(id).is_some() {
            return Err(KeyRingError::Id(id.to_owned()));
        }
        self.opens.push(Key::new(id, key)?);
        Ok(self)
    }

    /// Seals `plain` for one use of one user.
    pub(crate) fn seal(
        &self,
        purpose: &str,
        user: UserId,
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Sealed, CredentialError> {
        let mut sealed = vec![0; NONCE];
        entropy.fill(&mut sealed)?;
        let nonce = XNonce::try_from(sealed.as_slice()).map_err(|_| KeyRingError::Broken)?;
        let bound = bound(purpose, user);
        let payload = Payload {
            msg: plain,
            aad: bound.as_bytes(),
        };
        let cipher = self.seals.cipher.encrypt(&nonce, payload);
        sealed.extend(cipher.map_err(|_| KeyRingError::Broken)?);
        let text = BASE64URL_NOPAD.encode(&sealed);
        Ok(Sealed(format!("{FORMAT}${}${text}", self.seals.id)))
    }

    /// Opens what was sealed for the same use of the same user.
    pub(crate) fn open(
        &self,
        purpose: &str,
        user: UserId,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, KeyRingError> {
        let (id, text) = sealed.key().ok_or(KeyRingError::Broken)?;
        let key = self
            .find(id)
            .ok_or_else(|| KeyRingError::Unknown(id.to_owned()))?;
        let bytes = BASE64URL_NOPAD
            .decode(text.as_bytes())
            .map_err(|_| KeyRingError::Broken)?;
        let (nonce, msg) = bytes.split_at_checked(NONCE).ok_or(KeyRingError::Broken)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| KeyRingError::Broken)?;
        let bound = bound(purpose, user);
        let aad = bound.as_bytes();
        let plain = key.cipher.decrypt(&nonce, Payload { msg, aad });
        plain.map(Zeroizing::new).map_err(|_| KeyRingError::Broken)
    }

    /// Whether `sealed` lies under another key than the one that seals now.
    pub(crate) fn is_old(&self, sealed: &Sealed) -> bool {
        sealed.key().is_none_or(|(id, _)| id != self.seals.id)
    }

    fn find(&self, id: &str) -> Option<&Key> {
        let mut keys = std::iter::once(&self.seals).chain(&self.opens);
        keys.find(|key| key.id == id)
    }
}

impl Key {
    fn new(id: &str, key: &SecretString) -> Result<Self, KeyRingError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
        if id.is_empty() || id.len() > 32 || !id.chars().all(fits) {
            return Err(KeyRingError::Id(id.to_owned()));
        }
        let wrong = || KeyRingError::Key(id.to_owned());
        let text = key.expose_secret().trim();
        let bytes = Zeroizing::new(BASE64.decode(text.as_bytes()).map_err(|_| wrong())?);
        Ok(Self {
            id: id.to_owned(),
            cipher: XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| wrong())?,
        })
    }
}

/// What a sealed secret is bound to.
fn bound(purpose: &str, user: UserId) -> String {
    format!("portcullis {purpose} {user}")
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let opens: Vec<&str> = self.opens.iter().map(|key| key.id.as_str()).collect();
        f.debug_struct("KeyRing")
            .field("seals", &self.seals.id)
            .field("opens", &opens)
            .finish()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key().map_or("none of ours", |(key, _)| key);
        write!(f, "Sealed({key})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_id::{EntropyError, Timestamp};

    struct Sevens;
    impl Entropy for Sevens {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
            bytes.fill(7);
            Ok(())
        }
    }

    fn key(byte: u8) -> SecretString {
        SecretString::from(BASE64.encode(&[byte; 32]))
    }

    fn user(at: i64) -> UserId {
        UserId::new(Timestamp::from_millis(at), &Sevens).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_for_its_user_its_use_and_its_key_alone() {
        let (ada, bob) = (user(1), user(2));
        let ring = KeyRing::new("new", &key(1)).unwrap();
        let sealed = ring.seal("totp", ada, b"secret", &Sevens).unwrap();
        assert!(sealed.text().starts_with("x1$new$"));
        assert_eq!(
            ring.open("totp", ada, &sealed).unwrap().as_slice(),
            b"secret"
        );
        for (purpose, user) in [("totp", bob), ("mail", ada)] {
            assert_eq!(ring.open(purpose, user, &sealed), Err(KeyRingError::Broken));
        }
        let other = KeyRing::new("new", &key(2)).unwrap();
        assert_eq!(other.open("totp", ada, &sealed), Err(KeyRingError::Broken));
        let without = KeyRing::new("newer", &key(2)).unwrap();
        let unknown = KeyRingError::Unknown("new".to_owned());
        assert_eq!(without.open("totp", ada, &sealed), Err(unknown));
        let with = without.opening("new", &key(1)).unwrap();
        assert_eq!(
            with.open("totp", ada, &sealed).unwrap().as_slice(),
            b"secret"
        );
        assert!(with.is_old(&sealed) && !ring.is_old(&sealed));
    }

    #[test]
    fn what_is_none_of_ours_does_not_open() {
        let ring = KeyRing::new("k", &key(1)).unwrap();
        let good = ring.seal("totp", user(1), b"secret", &Sevens).unwrap();
        let mut cut = good.text().to_owned();
        cut.truncate(20);
        let turned = good.text().replace("x1$", "x2$");
        for text in ["", "x1", "x1$", "x1$k", "x1$k$", "x1$k$=", &cut, &turned] {
            let sealed = Sealed::from_stored(text);
            let opened = ring.open("totp", user(1), &sealed);
            assert_eq!(opened, Err(KeyRingError::Broken), "{text}");
        }
    }

    #[test]
    fn a_ring_refuses_what_names_or_is_no_key() {
        for id in ["", "A", "a$b", "a b", &"a".repeat(33)] {
            let error = KeyRing::new(id, &key(1)).unwrap_err();
            assert_eq!(error, KeyRingError::Id(id.to_owned()));
        }
        for text in ["", "AAAA", "no base64!", &BASE64.encode(&[1; 33])] {
            let error = KeyRing::new("k", &SecretString::from(text)).unwrap_err();
            assert_eq!(error, KeyRingError::Key("k".to_owned()));
        }
        let twice = KeyRing::new("k", &key(1)).unwrap().opening("k", &key(2));
        assert_eq!(twice.unwrap_err(), KeyRingError::Id("k".to_owned()));
    }

    #[test]
    fn neither_ring_nor_secret_prints() {
        let ring = KeyRing::new("k", &key(1)).unwrap();
        let sealed = ring.seal("totp", user(1), b"secret", &Sevens).unwrap();
        assert_eq!(format!("{sealed:?}"), "Sealed(k)");
        assert!(!format!("{ring:?}").contains("AQEB"));
    }
}
