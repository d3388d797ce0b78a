use crate::{DirectoryLock, Encryption, Ldap, Lookup, Roots, SettingsError, tls};
use std::time::Duration;

/// Where a directory is and how it is spoken to. Made by [`Ldap::at`].
#[derive(Clone, Debug)]
#[must_use = "it becomes a directory by `finding`"]
pub struct LdapBuilder {
    host: String,
    port: Option<u16>,
    encryption: Encryption,
    roots: Roots,
    timeout: Duration,
    lock: Option<DirectoryLock>,
}

impl Ldap {
    /// A directory at `host`: a name, as it stands in the server's certificate, or an address.
    pub fn at(host: impl Into<String>) -> LdapBuilder {
        LdapBuilder {
            host: host.into(),
            port: None,
            encryption: Encryption::default(),
            roots: Roots::default(),
            timeout: Duration::from_secs(5),
            lock: None,
        }
    }
}

impl LdapBuilder {
    /// On another port than 636, or 389 where TLS does not come first.
    pub const fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// With another encryption than TLS from the first byte.
    pub const fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = encryption;
        self
    }

    /// Trusting other certificates than the system's.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = roots;
        self
    }

    /// With another end to one question than 5 seconds, connecting and all.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Saying how the directory locks its own accounts, so that a portal that could make it do so
    /// is refused (bug 13). Active Directory keeps it in `lockoutThreshold` and
    /// `lockOutObservationWindow` of the domain, OpenLDAP in `pwdMaxFailure` and
    /// `pwdFailureCountInterval` of the policy.
    pub const fn locks(mut self, lock: DirectoryLock) -> Self {
        self.lock = Some(lock);
        self
    }

    /// The directory in which users are found by `lookup`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`SettingsError`] says what cannot work.
    pub fn finding(self, lookup: Lookup) -> Result<Ldap, SettingsError> {
        lookup.check()?;
        if !is_host(&self.host) {
            return Err(SettingsError::Host(self.host));
        }
        let (scheme, port) = match self.encryption {
            Encryption::Ldaps => ("ldaps", 636),
            Encryption::StartTls | Encryption::PasswordsInTheClear => ("ldap", 389),
        };
        let tls = match self.encryption {
            Encryption::PasswordsInTheClear => None,
            Encryption::Ldaps | Encryption::StartTls => Some(tls::config(&self.roots)?),
        };
        Ok(Ldap {
            url: format!("{scheme}://{}:{}", self.host, self.port.unwrap_or(port)),
            start_tls: self.encryption == Encryption::StartTls,
            tls,
            timeout: self.timeout,
            lock: self.lock,
            lookup,
        })
    }
}

/// Nothing that would be a port, a path or a second host in an address.
fn is_host(text: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    !text.is_empty() && text.chars().all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_host_and_its_port_follows_the_encryption() {
        let built = |builder: LdapBuilder| builder.finding(Lookup::entry("uid={}"));
        let plain = |host: &str| built(Ldap::at(host).encryption(Encryption::PasswordsInTheClear));
        for odd in ["", "ldap://a", "a:389", "a/b", "a b", "a\n", "[::1]", "u@a"] {
            assert!(matches!(plain(odd), Err(SettingsError::Host(_))), "{odd:?}");
        }
        assert_eq!(plain("a.example").unwrap().url, "ldap://a.example:389");
        let other = Ldap::at("a")
            .encryption(Encryption::PasswordsInTheClear)
            .port(7);
        assert_eq!(built(other).unwrap().url, "ldap://a:7");
    }
}
