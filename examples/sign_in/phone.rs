//! The authenticator app.

use data_encoding::BASE32_NOPAD;
use portcullis::credentials::{FactorOffer, SecretString};
use portcullis::id::Timestamp;
use secrecy::ExposeSecret;
use std::error::Error;
use totp_rs::{Builder, Secret};

/// An app that has scanned what a page showed.
pub(crate) struct Phone([u8; 20]);

impl Phone {
    pub(crate) fn scan(offer: &FactorOffer) -> Result<Self, Box<dyn Error>> {
        let secret = offer.secret();
        let bytes = BASE32_NOPAD.decode(secret.expose_secret().as_bytes())?;
        let bytes = bytes.try_into().map_err(|_| "a secret has 20 bytes")?;
        Ok(Self(bytes))
    }

    /// The six digits it shows.
    pub(crate) fn code(&self, now: Timestamp) -> Result<SecretString, Box<dyn Error>> {
        let totp = Builder::new()
            .with_secret(Secret::new_stack(self.0))
            .build()?;
        let seconds = u64::try_from(now.millis() / 1000)?;
        Ok(SecretString::from(totp.generate(seconds).to_string()))
    }
}
