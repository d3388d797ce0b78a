mod error;
mod lock;

pub use error::{DirectoryError, DirectoryFault};
pub use lock::DirectoryLock;
pub(crate) use lock::could_lock;

use crate::LoginName;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// Where some users' passwords are kept instead of here: an Active Directory, another LDAP server
/// (S30). The crate `portcullis-ldap3` is one.
///
/// Nothing of a password is kept here, so there is nothing to fall back to: while the directory
/// does not answer, its users do not sign in. Their names, standing, expiry and lock are ours all
/// the same.
///
/// ```
/// use portcullis_credentials::{
///     Directory, DirectoryAnswer, DirectoryError, DirectoryPassword, DirectoryRefusal, LoginName,
/// };
///
/// /// A directory of one, for a test.
/// struct OnlyAda;
///
/// impl Directory for OnlyAda {
///     fn verify(
///         &self, name: &LoginName, password: &DirectoryPassword<'_>,
///     ) -> Result<DirectoryAnswer, DirectoryError> {
///         Ok(match (name.key(), password.expose()) {
///             ("ada", "correct horse") => DirectoryAnswer::Accepted,
///             ("ada", _) => DirectoryAnswer::Refused(DirectoryRefusal::Wrong),
///             _ => DirectoryAnswer::Refused(DirectoryRefusal::Unknown),
///         })
///     }
/// }
/// ```
pub trait Directory: Send + Sync {
    /// Whether the directory takes `password` for `name`, now.
    ///
    /// It has an end: an implementation gives up after some seconds. It is asked once for an
    /// attempt, outside any unit of work, and never while the account is locked here.
    ///
    /// # Errors
    /// [`DirectoryError`] when no answer was to be had. That is not held against the user.
    fn verify(
        &self,
        name: &LoginName,
        password: &DirectoryPassword<'_>,
    ) -> Result<DirectoryAnswer, DirectoryError>;

    /// How the directory itself locks its accounts; `None`: it never does.
    ///
    /// Wrong passwords typed here count there as well, so a stranger could shut somebody out of
    /// their whole desk from our front page (bug 13, CVE-2025-31947).
    /// [`Credentials::with_directory`](crate::Credentials::with_directory) refuses a policy under
    /// which that could happen.
    fn lock(&self) -> Option<DirectoryLock> {
        None
    }
}

/// What a directory said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "the directory may have refused"]
pub enum DirectoryAnswer {
    /// The password is right and they may sign in.
    Accepted,
    /// They may not.
    Refused(DirectoryRefusal),
}

/// Why a directory refused, as far as it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DirectoryRefusal {
    /// The password is wrong, or the directory does not tell why not.
    Wrong,
    /// It has nobody of that name.
    Unknown,
    /// More than one entry has that name: none of them is taken (bug 37).
    Ambiguous,
    /// The password is right and must be changed there first.
    MustChange,
    /// The password has run out there.
    PasswordExpired,
    /// The account is switched off there.
    Disabled,
    /// The account has run out there.
    AccountExpired,
    /// The account is locked there.
    Locked,
    /// Not at this hour, or not from this machine.
    NotHereOrNow,
}

/// A password that may be sent to a directory: not empty, not blank, without NUL and within the cap.
///
/// An LDAP server takes a bind without a password for an anonymous one and says "success" (RFC
/// 4513, 5.1.2), which has let in anybody under any name (bug 36, CVE-2026-41720). An
/// implementation of [`Directory`] is never handed one:
///
/// ```compile_fail,E0451
/// use portcullis_credentials::{DirectoryPassword, SecretString};
/// fn empty(text: &SecretString) -> DirectoryPassword<'_> { DirectoryPassword { text } }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DirectoryPassword<'a> {
    text: &'a SecretString,
}

impl<'a> DirectoryPassword<'a> {
    /// The most bytes of one.
    pub const MAX_BYTES: usize = 4096;

    /// `text`, unless it is empty, blank, holds a NUL (at which a server may cut it off) or has
    /// more than [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn new(text: &'a SecretString) -> Option<Self> {
        let typed = text.expose_secret();
        let usable = typed.len() <= Self::MAX_BYTES
            && !typed.contains('\0')
            && typed.chars().any(|c| !c.is_whitespace());
        usable.then_some(Self { text })
    }

    /// The password itself, for the socket.
    pub fn expose(&self) -> &'a str {
        self.text.expose_secret()
    }
}

impl fmt::Display for DirectoryRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wrong => "wrong password",
            Self::Unknown => "unknown",
            Self::Ambiguous => "more than one entry of that name",
            Self::MustChange => "password must be changed there",
            Self::PasswordExpired => "password expired there",
            Self::Disabled => "disabled there",
            Self::AccountExpired => "expired there",
            Self::Locked => "locked there",
            Self::NotHereOrNow => "not at this hour or from this machine",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bug36_what_a_server_takes_for_no_password_is_none() {
        for text in [
            "",
            " ",
            "\t\n",
            "\u{3000}",
            "\0",
            "\0secret",
            "secret\0",
            &"x".repeat(4097),
        ] {
            assert!(
                DirectoryPassword::new(&SecretString::from(text)).is_none(),
                "{text:?}"
            );
        }
        let odd = SecretString::from(" p\u{e4}ss ");
        assert_eq!(
            DirectoryPassword::new(&odd).unwrap().expose(),
            " p\u{e4}ss "
        );
        let longest = SecretString::from("x".repeat(4096));
        assert!(DirectoryPassword::new(&longest).is_some());
        assert!(!format!("{:?}", DirectoryPassword::new(&odd)).contains("ss "));
    }
}
