use crate::{CredentialPolicy, Refusal};
use secrecy::{ExposeSecret, SecretString};

/// Why a new password is not taken. Told to the person who chose it (NIST SP 800-63B-4, 3.1.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordFlaw {
    /// Fewer code points than the policy asks for.
    #[error("the password is too short; use at least {least} characters")]
    TooShort {
        /// The fewest there may be.
        least: u32,
    },
    /// More bytes than the policy takes.
    #[error("the password is too long; use at most {most} bytes")]
    TooLong {
        /// The most there may be.
        most: u32,
    },
    /// It holds a NUL character, at which other software would cut it off (bug 30).
    #[error("the password holds a character that cannot be typed again; leave it out")]
    Nul,
    /// It is the one that must be changed (S52).
    #[error("this is the present password; choose a new one")]
    Same,
}

/// Why a new password has to be sent once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Retry {
    /// Another password must be chosen.
    #[error(transparent)]
    Flaw(#[from] PasswordFlaw),
    /// Too many hashes at once; the same password may do in a moment.
    #[error("the portal is busy; try again in a moment")]
    Overloaded,
}

/// The outcome of setting a new password.
#[derive(Debug)]
#[must_use = "the password may not have been set"]
pub enum NewPassword<T> {
    /// It is set.
    Set(T),
    /// Not yet; nothing was used up.
    Again(Retry),
    /// It may not be set.
    Refused(Refusal),
}

/// What a new password must be. As entered: no character is changed, every one counts as one.
pub(crate) fn check(policy: &CredentialPolicy, new: &SecretString) -> Result<(), PasswordFlaw> {
    let (least, most) = (
        policy.settings().password_min_length,
        policy.settings().password_max_bytes,
    );
    let text = new.expose_secret();
    if over_long(policy, new) {
        return Err(PasswordFlaw::TooLong { most });
    }
    if text.contains('\0') {
        return Err(PasswordFlaw::Nul);
    }
    if u32::try_from(text.chars().count()).is_ok_and(|length| length < least) {
        return Err(PasswordFlaw::TooShort { least });
    }
    Ok(())
}

/// The cap in bytes, before any work (bug 28).
pub(crate) fn over_long(policy: &CredentialPolicy, password: &SecretString) -> bool {
    u32::try_from(password.expose_secret().len())
        .map_or(true, |length| length > policy.settings().password_max_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(text: &str) -> Option<PasswordFlaw> {
        check(&CredentialPolicy::default(), &SecretString::from(text)).err()
    }

    #[test]
    fn length_counts_code_points_and_the_cap_counts_bytes() {
        assert_eq!(
            flaw("fourteen chars"),
            Some(PasswordFlaw::TooShort { least: 15 })
        );
        assert_eq!(flaw("fifteen chars.."), None);
        assert_eq!(
            flaw(&"ä".repeat(14)),
            Some(PasswordFlaw::TooShort { least: 15 })
        );
        assert_eq!(flaw(&"ä".repeat(15)), None);
        assert_eq!(flaw(&"a".repeat(4096)), None);
        assert_eq!(
            flaw(&"a".repeat(4097)),
            Some(PasswordFlaw::TooLong { most: 4096 })
        );
        assert_eq!(flaw("fifteen\0chars.."), Some(PasswordFlaw::Nul));
    }
}
