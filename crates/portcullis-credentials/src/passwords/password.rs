use super::{blocklist, context, guesses};
use crate::policy::Guard;
use crate::{CredentialPolicy, LoginName, Refusal};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

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
    /// More characters than the policy takes (D9).
    #[error("the password is too long; use at most {most} characters")]
    TooManyCharacters {
        /// The most there may be.
        most: u32,
    },
    /// Another character than a letter or a digit, where only those are taken (D11).
    #[error("the password holds a character that is not taken here; use letters and digits alone")]
    Character,
    /// It is one that is guessed first, or a repetition of one.
    #[error("this password is one of those that are tried first; choose another one")]
    Common,
    /// It takes too few guesses, by the estimate of the feature `zxcvbn`.
    #[error("this password is easy to guess; choose a longer or less usual one")]
    Guessable,
    /// It is the user's name, the portal's, or for the most part of such words.
    #[error("this password is made of a name that others know; choose another one")]
    Context,
    /// It holds a NUL character, at which other software would cut it off (bug 30).
    #[error("the password holds a character that cannot be typed again; leave it out")]
    Nul,
    /// It is the one that must be changed (S52).
    #[error("this is the present password; choose a new one")]
    Same,
    /// It is one of the last, of which the policy keeps a
    /// [history](crate::CredentialSettings::password_history).
    #[error("this password was used before; choose a new one")]
    UsedBefore,
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

/// What a new password must be. As entered: no character is changed, every one counts as one. In
/// small letters and without blanks around it only for the comparison with the blocklist and with
/// `name`, where it is known whose it will be.
pub(crate) fn check(
    policy: &CredentialPolicy,
    new: &SecretString,
    name: Option<&LoginName>,
    guard: Guard,
) -> Result<(), PasswordFlaw> {
    let least = policy.least_length(guard);
    let most = policy.settings().password_max_bytes;
    let text = new.expose_secret();
    if over_long(policy, new) {
        return Err(PasswordFlaw::TooLong { most });
    }
    if text.contains('\0') {
        return Err(PasswordFlaw::Nul);
    }
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if length < least {
        return Err(PasswordFlaw::TooShort { least });
    }
    if let Some(most) = policy.settings().password_max_length
        && length > most
    {
        return Err(PasswordFlaw::TooManyCharacters { most });
    }
    if !policy.settings().password_characters.take(text) {
        return Err(PasswordFlaw::Character);
    }
    let folded = Zeroizing::new(text.to_lowercase());
    if blocklist::is_common(folded.trim()) {
        return Err(PasswordFlaw::Common);
    }
    if context::is_bulk(&folded, &policy.settings().context_words, name) {
        return Err(PasswordFlaw::Context);
    }
    let settings = policy.settings();
    let least = settings.password_min_score;
    if guesses::too_few(text, least, &settings.context_words, name) {
        return Err(PasswordFlaw::Guessable);
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
    use crate::CredentialSettings;

    fn flaw(text: &str) -> Option<PasswordFlaw> {
        under(CredentialSettings::default(), text)
    }

    fn under(settings: CredentialSettings, text: &str) -> Option<PasswordFlaw> {
        let policy = CredentialPolicy::new(settings).unwrap();
        check(&policy, &SecretString::from(text), None, Guard::Password).err()
    }

    #[test]
    fn length_counts_code_points_and_the_cap_counts_bytes() {
        let (short, long) = (
            "ä word of umlauts: äöü".repeat(5),
            "some words, ".repeat(400),
        );
        let first = |count| short.chars().take(count).collect::<String>();
        assert_eq!(flaw(&first(14)), Some(PasswordFlaw::TooShort { least: 15 }));
        assert_eq!(flaw(&first(15)), None);
        assert_eq!(flaw(&long[..4096]), None);
        assert_eq!(
            flaw(&long[..4097]),
            Some(PasswordFlaw::TooLong { most: 4096 })
        );
        assert_eq!(flaw("fifteen\0chars.."), Some(PasswordFlaw::Nul));
    }

    #[test]
    fn k06_what_is_tried_first_is_refused_whole_in_any_case() {
        for common in [
            "qwerty123456789",
            "1q2w3e4r5t6y7u8i9o0p",
            "PasswordPassword",
            " 123456789123456 ",
            &"z".repeat(15),
            &"ab".repeat(2048),
        ] {
            assert_eq!(flaw(common), Some(PasswordFlaw::Common), "{common}");
        }
        for fine in ["my password is a sentence", "1q2w3e4r5t6y7u8i9o0p!"] {
            assert_eq!(flaw(fine), None, "{fine}");
        }
    }

    fn least_score(least: u32) -> CredentialSettings {
        CredentialSettings {
            password_min_length: 8,
            password_min_score: least,
            ..CredentialSettings::default()
        }
    }

    #[cfg(feature = "zxcvbn")]
    #[test]
    fn k06_a_score_is_asked_for() {
        assert_eq!(
            under(least_score(3), "14.05.1987"),
            Some(PasswordFlaw::Guessable)
        );
        assert_eq!(under(least_score(0), "14.05.1987"), None);
        assert_eq!(under(least_score(4), "k8Q2vz7XbM4tRw1"), None);
    }

    #[cfg(not(feature = "zxcvbn"))]
    #[test]
    fn k06_no_score_is_asked_for_where_none_can_be_estimated() {
        let error = CredentialPolicy::new(least_score(1)).unwrap_err();
        assert_eq!(error.knob(), "password_min_score");
        assert_eq!(under(least_score(0), "14.05.1987"), None);
    }

    #[test]
    fn d07_d09_d10_d11_six_to_fifteen_letters_and_digits() {
        let flaw = |text: &str| {
            under(
                CredentialSettings::six_to_fifteen_letters_and_digits(),
                text,
            )
        };
        assert_eq!(flaw("hgj3k"), Some(PasswordFlaw::TooShort { least: 6 }));
        assert_eq!(flaw("hgj3kw"), None);
        assert_eq!(flaw("hgj3kwhgj3kwxyz"), None);
        assert_eq!(
            flaw("hgj3kwhgj3kwxyz1"),
            Some(PasswordFlaw::TooManyCharacters { most: 15 })
        );
        for fine in ["8402816", "kwbzhqd", "kwbz8hqd", "KWBZHQD", "äöüßéñ"] {
            assert_eq!(flaw(fine), None, "{fine}");
        }
        for not in [
            "kwbz hqd",
            "kwbz.hqd",
            "kwbz_hqd",
            "kwbzhqd\u{202e}",
            "kwbzhqd🔒",
        ] {
            assert_eq!(flaw(not), Some(PasswordFlaw::Character), "{not}");
        }
        assert_eq!(flaw("123456"), Some(PasswordFlaw::Common));
    }
}
