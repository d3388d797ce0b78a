/// Settings that cannot work, found before anything is sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The host is not one.
    #[error("`{0}` is no host name; give it without scheme and port")]
    Host(String),
    /// The template of an entry's name has not exactly one `{}`.
    #[error("`{0}` must hold `{{}}` exactly once, where the user name goes")]
    Template(String),
    /// The account that searches has no password: the server would take it for anonymous.
    #[error("the account that searches has an empty password; give its password")]
    NoPassword,
    /// No certificate to trust.
    #[error("there is no certificate authority to trust; give its certificate as PEM")]
    NoRoots,
    /// A certificate that cannot be read.
    #[error("the certificate authority cannot be read; give PEM text")]
    Certificate(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The TLS library refuses its own defaults.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
}
