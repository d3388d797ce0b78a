use crate::{CredentialError, Credentials, KeyRingError, PasswordHash, Sealed};
use portcullis_id::UserId;

/// What sealed hashes are bound to, beside their user.
const SEALED_FOR: &str = "password";

/// Password hashes that lie sealed under the key ring, where the policy has
/// [`seal_hashes`](crate::CredentialSettings::seal_hashes): a copy of the database alone is worth no
/// guess (NIST SP 800-63B-4, 3.1.1.2). A hash that was kept before is taken as it is, and sealed at
/// the next sign-in.
impl Credentials {
    /// `hash` as it is to be stored for `user`: sealed, where the policy has it so.
    ///
    /// # Errors
    /// [`CredentialError::KeyRing`] where it must be sealed and there is no ring.
    pub fn seal_hash(
        &self,
        user: UserId,
        hash: &PasswordHash,
    ) -> Result<PasswordHash, CredentialError> {
        if !self.policy.settings().seal_hashes {
            return Ok(hash.clone());
        }
        let plain = hash.expose().as_bytes();
        let sealed = self
            .key_ring()?
            .seal(SEALED_FOR, user, plain, &*self.entropy)?;
        Ok(PasswordHash::from_phc(sealed.text()))
    }

    /// The hash behind what is stored for `user`, for an export. One that lies open is answered as
    /// it is.
    ///
    /// # Errors
    /// [`KeyRingError`] names the key that is missing, or says that the row is another user's or was
    /// changed.
    pub fn open_hash(
        &self,
        user: UserId,
        stored: &PasswordHash,
    ) -> Result<PasswordHash, KeyRingError> {
        let Some(sealed) = sealed(stored) else {
            return Ok(stored.clone());
        };
        let plain = self.key_ring()?.open(SEALED_FOR, user, &sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| KeyRingError::Broken)?;
        Ok(PasswordHash::from_phc(text))
    }

    /// Whether `stored` does not lie as it would be stored now. Runs nothing.
    pub(crate) fn seal_is_due(&self, stored: &PasswordHash) -> bool {
        let (seal, ring) = (self.policy.settings().seal_hashes, self.key_ring.as_deref());
        match (sealed(stored), ring) {
            (Some(sealed), Some(ring)) => !seal || ring.is_old(&sealed),
            (Some(_), None) => false,
            (None, ring) => seal && ring.is_some(),
        }
    }
}

/// No format of a hash begins like a sealed text.
fn sealed(stored: &PasswordHash) -> Option<Sealed> {
    Sealed::recognised(stored.expose())
}
