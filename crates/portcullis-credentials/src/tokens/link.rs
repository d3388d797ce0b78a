use crate::{CredentialError, Credentials, Invitation, PolicyError, Purpose, TokenSecret};
use portcullis_id::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::net::Ipv6Addr;

/// The address by which somebody sets a password: the base address of the configuration, what it is
/// for, and the secret, as `https://portal.example/reset/3q2-7w..`.
///
/// Nothing of it is ever taken from a request: no call of ours takes a host (bug 24), and the mail it
/// goes into is to the stored address alone (bugs 22 and 23). It prints as nothing:
///
/// ```compile_fail,E0277
/// fn log(link: portcullis_credentials::Link) { println!("{link}"); }
/// ```
#[must_use = "the secret is nowhere else: put the link into its mail"]
pub struct Link {
    address: SecretString,
    expires_at: Timestamp,
}

impl Link {
    /// The whole address, for the one mail it must go to.
    pub fn expose(&self) -> &str {
        self.address.expose_secret()
    }

    /// The tick from which it is dead.
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(..)")
    }
}

impl Credentials {
    /// The link of an invitation. The page behind it, `/invitation/` and the secret, asks for a new
    /// password and calls [`accept_invitation`](Self::accept_invitation).
    ///
    /// # Errors
    /// [`CredentialError::NoBaseAddress`] where the policy has none.
    pub fn invitation_link(&self, invitation: &Invitation) -> Result<Link, CredentialError> {
        self.link(
            Purpose::Invitation,
            &invitation.secret,
            invitation.expires_at,
        )
    }

    pub(crate) fn link(
        &self,
        purpose: Purpose,
        secret: &TokenSecret,
        expires_at: Timestamp,
    ) -> Result<Link, CredentialError> {
        let base = self.base_address()?.trim_end_matches('/');
        let address = format!("{base}/{}/{}", purpose.name(), secret.expose());
        Ok(Link {
            address: SecretString::from(address),
            expires_at,
        })
    }

    pub(crate) fn base_address(&self) -> Result<&str, CredentialError> {
        let base = self.policy.settings().base_address.as_deref();
        base.ok_or(CredentialError::NoBaseAddress)
    }
}

/// Refuses a base address on which a link would be another one, or readable on its way.
pub(crate) fn check_base(base: &str) -> Result<(), PolicyError> {
    let wrong = |advice| Err(PolicyError::word("base_address", "this text", advice));
    if base.len() > 512 {
        return wrong("at most 512 bytes");
    }
    let (rest, secure) = match (base.strip_prefix("https://"), base.strip_prefix("http://")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => return wrong("https:// and a host, or http://localhost while trying things out"),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let Some(host) = host(authority) else {
        return wrong("a host and at most a port behind the scheme; no user, no blanks");
    };
    if !secure && !["localhost", "127.0.0.1", "[::1]"].contains(&host) {
        return wrong("https; http is for localhost alone, since anybody on the way reads it");
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let fine = |part: &str| part.chars().all(plain) && part != "." && part != "..";
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    if !path.is_empty() && !path.split('/').all(|part| !part.is_empty() && fine(part)) {
        return wrong("a path of letters, digits and -._~ behind the host; no query, no fragment");
    }
    Ok(())
}

/// The host of an authority that is a host with or without a port and nothing else.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rfind(']') {
        Some(end) => authority.split_at(end + 1),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port_fits = match port.strip_prefix(':') {
        Some(digits) => digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    let inside = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let name = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let host_fits = match inside {
        Some(ip) => ip.parse::<Ipv6Addr>().is_ok(),
        None => host.split('.').all(name),
    };
    (port_fits && host_fits).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bug24_a_base_address_is_a_place_that_links_can_stand_on() {
        for good in [
            "https://portal.example",
            "https://portal.example/",
            "https://portal.example:8443/clients/of-acme",
            "https://[2001:db8::7]:443",
            "https://10.0.0.1/portal/",
            "http://localhost",
            "http://localhost:3000/app",
            "http://127.0.0.1:80",
            "http://[::1]:8080/",
        ] {
            assert!(check_base(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "portal.example",
            "//portal.example",
            "ftp://portal.example",
            "HTTPS://portal.example",
            "http://portal.example",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
            "http://127.0.0.1.evil.example",
            "https://",
            "https:///reset",
            "https://:443",
            "https://ada:secret@portal.example",
            "https://ada@portal.example",
            "https://portal.example?to=",
            "https://portal.example/?to=",
            "https://portal.example/#",
            "https://portal.example/a b",
            "https://portal.example /",
            "https://portal.example\r\nX: y",
            "https://portal.example\\@evil.example",
            "https://portal.example:99999",
            "https://portal.example:+443",
            "https://portal.example:",
            "https://portal..example",
            "https://[2001:db8::7",
            "https://[portal]",
            "https://2001:db8::7",
            "https://portal.example//evil.example",
            "https://portal.example/../x",
            "https://portal.example/%2e",
            "https://pörtal.example",
            " https://portal.example",
        ] {
            let error = check_base(bad).unwrap_err();
            assert_eq!(error.knob(), "base_address", "{bad}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        assert!(check_base(&format!("https://portal.example/{}", "x".repeat(512))).is_err());
    }
}
