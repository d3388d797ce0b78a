use crate::SettingsError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// How the connection is kept from listeners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte, on port 636.
    #[default]
    Ldaps,
    /// TLS by the `StartTLS` operation (RFC 4511, 4.14), on port 389. A server that does not offer
    /// it is a fault: no password is sent.
    StartTls,
    /// None, on port 389. Whoever can listen reads every password. For a directory on the same
    /// machine, and for tests.
    PasswordsInTheClear,
}

/// Whose certificates are trusted.
#[derive(Clone, Debug, Default)]
pub enum Roots {
    /// Those of the system.
    #[default]
    System,
    /// Those in this PEM text, and no others: the certificate of the company's own authority.
    Pem(String),
}

/// On the ring provider, named outright: a host with two providers in its build has no default.
pub(crate) fn config(roots: &Roots) -> Result<Arc<ClientConfig>, SettingsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(SettingsError::Tls)?
        .with_root_certificates(store(roots)?)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn store(roots: &Roots) -> Result<RootCertStore, SettingsError> {
    let mut store = RootCertStore::empty();
    match roots {
        // One that cannot be read is one less to trust.
        Roots::System => {
            let found = rustls_native_certs::load_native_certs();
            store.add_parsable_certificates(found.certs);
        }
        Roots::Pem(text) => {
            for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
                let certificate =
                    certificate.map_err(|error| SettingsError::Certificate(Box::new(error)))?;
                store
                    .add(certificate)
                    .map_err(|error| SettingsError::Certificate(Box::new(error)))?;
            }
        }
    }
    if store.is_empty() {
        return Err(SettingsError::NoRoots);
    }
    Ok(store)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_that_are_none_are_refused_before_any_sign_in() {
        let pem = |text: &str| config(&Roots::Pem(text.to_owned())).map(drop);
        assert!(matches!(pem(""), Err(SettingsError::NoRoots)));
        assert!(matches!(pem("no PEM"), Err(SettingsError::NoRoots)));
        let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(matches!(pem(empty), Err(SettingsError::Certificate(_))));
    }
}
