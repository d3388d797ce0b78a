use crate::{CredentialPolicy, Lock, LoginName, PolicyError};
use secrecy::{ExposeSecret, SecretString};
use std::error::Error as StdError;
use std::fmt;
use std::num::NonZeroU32;

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

/// When a directory locks an account of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryLock {
    /// At so many wrong passwords (`lockoutThreshold`, `pwdMaxFailure`) ..
    pub threshold: NonZeroU32,
    /// .. within so many minutes (`lockOutObservationWindow`, `pwdFailureCountInterval`); `None`:
    /// it never forgets them.
    pub window_minutes: Option<u32>,
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

/// Why a directory gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DirectoryFault {
    /// It could not be reached, or the connection broke.
    Down,
    /// It took too long.
    TimedOut,
    /// It is reached and does not work with us: its certificate, our account there, the search.
    Misconfigured,
    /// There is none, and there are users who sign in through one.
    Missing,
}

/// A directory gave no answer. Says what happened, for whoever runs the portal.
#[derive(Debug, thiserror::Error)]
#[error("the directory {fault}")]
pub struct DirectoryError {
    fault: DirectoryFault,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl DirectoryError {
    /// No answer, for this reason.
    pub const fn new(fault: DirectoryFault) -> Self {
        Self {
            fault,
            source: None,
        }
    }

    /// The same with what lies behind it, without any password in it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The reason.
    pub const fn fault(&self) -> DirectoryFault {
        self.fault
    }

    /// It and what lies behind it, in one line, cut to the length of an audit entry.
    pub(crate) fn line(&self) -> String {
        let mut line = self.to_string();
        let mut behind = self.source();
        while let Some(error) = behind {
            line = format!("{line}: {error}");
            behind = error.source();
        }
        line.chars().filter(|c| !c.is_control()).take(300).collect()
    }
}

impl fmt::Display for DirectoryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Down => "cannot be reached",
            Self::TimedOut => "did not answer in time",
            Self::Misconfigured => "does not work with these settings",
            Self::Missing => "is not set up; give one to the credential rules",
        })
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

/// Refuses a policy under which wrong passwords typed here lock an account of the directory.
///
/// Within any window of the directory there are then at most as many of them as lock here: a lock
/// that was sat out, and a pause that was long enough, have outlasted the window.
pub(crate) fn could_lock(
    policy: &CredentialPolicy,
    lock: DirectoryLock,
) -> Result<(), PolicyError> {
    let settings = policy.settings();
    let threshold = settings.lock_threshold;
    if threshold >= lock.threshold.get() {
        let advice = "less than the directory's own limit, or anybody locks its accounts from here";
        return Err(PolicyError::new("lock_threshold", threshold, advice));
    }
    // What it never forgets adds up over any pause.
    let window = lock.window_minutes.unwrap_or(u32::MAX);
    let advice = "at least as long as the directory counts wrong passwords together, or longer";
    if let Lock::Timed { minutes } = settings.lock
        && minutes < window
    {
        return Err(PolicyError::new("lock.minutes", minutes, advice));
    }
    match settings.forget_after_hours {
        Some(hours) if hours.saturating_mul(60) < window => {
            Err(PolicyError::new("forget_after_hours", hours, advice))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CredentialSettings;

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

    #[test]
    fn bug13_a_policy_under_which_we_lock_the_directory_is_named() {
        let knob = |threshold, window_minutes, change: fn(&mut CredentialSettings)| {
            let mut settings = CredentialSettings::default();
            change(&mut settings);
            let lock = DirectoryLock {
                threshold: NonZeroU32::new(threshold).unwrap(),
                window_minutes,
            };
            could_lock(&CredentialPolicy::new(settings).unwrap(), lock)
                .err()
                .map(|error| error.knob())
        };
        assert_eq!(knob(6, Some(15), |_| ()), None);
        assert_eq!(knob(5, Some(15), |_| ()), Some("lock_threshold"));
        assert_eq!(knob(6, Some(16), |_| ()), Some("lock.minutes"));
        assert_eq!(knob(6, Some(16), |s| s.lock = Lock::UntilAdmin), None);
        assert_eq!(
            knob(6, Some(721), |s| s.lock = Lock::UntilAdmin),
            Some("forget_after_hours")
        );
        assert_eq!(knob(6, None, |_| ()), Some("lock.minutes"));
        assert_eq!(
            knob(6, None, |s| s.lock = Lock::UntilAdmin),
            Some("forget_after_hours")
        );
        let never = |s: &mut CredentialSettings| {
            s.lock = Lock::UntilAdmin;
            s.forget_after_hours = None;
        };
        assert_eq!(knob(6, None, never), None);
    }

    #[test]
    fn a_fault_tells_its_whole_story_in_one_line() {
        let inner = std::io::Error::other("refused\nhere");
        let error = DirectoryError::new(DirectoryFault::Down).because(inner);
        assert_eq!(error.line(), "the directory cannot be reached: refusedhere");
    }
}
