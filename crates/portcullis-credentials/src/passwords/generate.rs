//! Passwords that are made up (C11 `Generated`).

use super::password::check;
use crate::policy::Guard;
use crate::{CredentialError, CredentialPolicy, Credentials, HashedPassword, Retry};
use portcullis_id::{Entropy, EntropyError};
use secrecy::SecretString;
use zeroize::Zeroizing;

/// Letters and digits that are not taken for another, in whatever type a mail is shown: none of
/// `0 O o`, `1 I i l`. They are what every policy takes.
const CHARACTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz";

/// As many as NIST asks of a password that is all there is: here 86 bit.
const LENGTH: u32 = 15;

/// A policy whose words spoil this many in a row takes none at all.
const TRIES: usize = 16;

impl Credentials {
    /// Makes up a password and hashes it, before the unit of work that uses it, as
    /// [`hash_password`](Self::hash_password) does with one that was chosen. It fits the policy, is
    /// of 15 characters where the policy has no other limits, 5.8 bit each, and goes to its user in
    /// the [mail](Self::mail_invitation) of the call that sets it, nowhere else.
    ///
    /// ```
    /// use portcullis_credentials::*;
    /// use portcullis_id::{ContainerId, Timestamp, UserId};
    /// use portcullis_ledger::Actor;
    ///
    /// /// The answer to "send a mail with the password?" (P37).
    /// fn mail_a_password(
    ///     credentials: &Credentials, tx: &mut dyn CredentialTx, user: UserId, by: &Actor, now: Timestamp,
    /// ) -> Result<(), CredentialError> {
    ///     let Ok(password) = credentials.generate_password()? else { return Ok(()) };
    ///     let letter = Enclosure::Password(password);
    ///     credentials.mail_invitation(tx, user, letter, None, by, now)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`CredentialError::Kdf`] when the function fails.
    pub fn generate_password(&self) -> Result<Result<HashedPassword, Retry>, CredentialError> {
        let (length, mut flaw) = (length(&self.policy), None);
        for _ in 0..TRIES {
            let new = draw(length, &*self.entropy)?;
            if let Err(found) = check(&self.policy, &new, None, Guard::Password) {
                flaw = Some(found);
                continue;
            }
            let Some(run) = self.hasher.run() else {
                return Ok(Err(Retry::Overloaded));
            };
            return Ok(Ok(HashedPassword {
                hash: run.hash(&new, &*self.entropy)?,
                password: new,
                generated: true,
            }));
        }
        Ok(Err(flaw.map_or(Retry::Overloaded, Retry::Flaw)))
    }
}

fn length(policy: &CredentialPolicy) -> u32 {
    let settings = policy.settings();
    let wished = LENGTH.max(settings.password_min_length);
    wished.min(settings.password_max_length.unwrap_or(u32::MAX))
}

/// Each character is as likely as any other: a byte that would favour some is drawn anew.
fn draw(length: u32, entropy: &dyn Entropy) -> Result<SecretString, EntropyError> {
    let fair = 256 - 256 % CHARACTERS.len();
    let wanted = usize::try_from(length).unwrap_or(usize::MAX);
    // Of its full length from the start, so that no copy stays behind when it grows.
    let mut text = Zeroizing::new(String::with_capacity(wanted));
    let mut byte = Zeroizing::new([0]);
    while text.len() < wanted {
        entropy.fill(byte.as_mut())?;
        let [drawn] = *byte;
        let drawn = usize::from(drawn);
        if drawn < fair
            && let Some(character) = CHARACTERS.get(drawn % CHARACTERS.len())
        {
            text.push(char::from(*character));
        }
    }
    Ok(SecretString::from(text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CredentialSettings, InvitationPayload, PasswordSetBy};
    use secrecy::ExposeSecret;
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicU8, Ordering};

    /// Every byte in turn: what is fair over these is fair.
    #[derive(Default)]
    struct InTurn(AtomicU8);

    impl Entropy for InTurn {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
            for byte in bytes {
                *byte = self.0.fetch_add(1, Ordering::SeqCst);
            }
            Ok(())
        }
    }

    #[test]
    fn c11_every_character_is_drawn_as_often_as_any_other() {
        let turns = InTurn::default();
        let mut counts = BTreeMap::new();
        // 220 of the 256 bytes count, so 11 drawings of 20 characters use up one round.
        for _ in 0..11 * 7 {
            for character in draw(20, &turns).unwrap().expose_secret().chars() {
                *counts.entry(character).or_insert(0) += 1;
            }
        }
        assert_eq!(counts.len(), CHARACTERS.len());
        let uneven: Vec<_> = counts.iter().filter(|(_, count)| **count != 28).collect();
        assert!(uneven.is_empty(), "{uneven:?}");
    }

    #[test]
    fn c11_no_character_is_taken_for_another_and_all_are_letters_and_digits() {
        for character in CHARACTERS {
            assert!(character.is_ascii_alphanumeric());
            assert!(!b"0Oo1Iil".contains(character), "{}", *character as char);
        }
        let mut once = CHARACTERS.to_vec();
        once.dedup();
        assert_eq!(once.len(), 55);
    }

    #[test]
    fn c11_it_fits_the_policy_and_is_as_long_as_that_takes() {
        let with = |change: fn(&mut CredentialSettings)| {
            let mut settings = CredentialSettings {
                password_set_by: PasswordSetBy::Generated,
                invitation_payload: InvitationPayload::Credentials,
                ..CredentialSettings::six_to_fifteen_letters_and_digits()
            };
            change(&mut settings);
            CredentialPolicy::new(settings).unwrap()
        };
        let turns = InTurn::default();
        for (policy, expected) in [
            (CredentialPolicy::default(), 15),
            (with(|_| ()), 15),
            (with(|s| s.password_max_length = Some(9)), 9),
            (with(|s| s.password_max_length = Some(40)), 15),
            (with(|s| s.password_max_length = None), 15),
            (
                with(|s| {
                    s.password_min_length = 20;
                    s.password_max_length = None;
                }),
                20,
            ),
        ] {
            for _ in 0..100 {
                let new = draw(length(&policy), &turns).unwrap();
                assert_eq!(new.expose_secret().len(), expected);
                check(&policy, &new, None, Guard::Password).unwrap();
            }
        }
    }
}
