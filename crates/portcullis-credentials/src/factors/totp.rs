use crate::{CredentialError, LoginName};
use data_encoding::BASE32_NOPAD;
use portcullis_id::{Entropy, Timestamp};
use secrecy::SecretString;
use std::fmt;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

/// What an authenticator app is set up with: shown once, as a picture of [`uri`](Self::uri) or
/// typed in by hand, and never again.
#[must_use = "show it, or the app cannot be set up"]
pub struct FactorOffer {
    account: LoginName,
    secret: TotpSecret,
}

/// A secret that an authenticator app shares with us: 160 bit (RFC 4226, 4).
pub(crate) struct TotpSecret(Zeroizing<[u8; LENGTH]>);

const LENGTH: usize = 20;
/// How long a code lasts, in milliseconds (RFC 6238, 5.2).
const STEP: i64 = 30_000;

impl FactorOffer {
    pub(crate) const fn new(account: LoginName, secret: TotpSecret) -> Self {
        Self { account, secret }
    }

    /// The secret in base32, for who types it in.
    pub fn secret(&self) -> SecretString {
        SecretString::from(BASE32_NOPAD.encode(self.secret.0.as_slice()))
    }

    /// The `otpauth:` address for the QR code, in which the app reads the name of the portal and
    /// the user's. SHA-1, six digits and 30 seconds, as every app has them.
    pub fn uri(&self, issuer: &str) -> SecretString {
        let (issuer, account) = (escaped(issuer), escaped(self.account.shown()));
        let secret = Zeroizing::new(BASE32_NOPAD.encode(self.secret.0.as_slice()));
        SecretString::from(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
            secret.as_str(),
        ))
    }
}

impl fmt::Debug for FactorOffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FactorOffer").finish_non_exhaustive()
    }
}

impl TotpSecret {
    pub(crate) fn fresh(entropy: &dyn Entropy) -> Result<Self, CredentialError> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        entropy.fill(bytes.as_mut())?;
        Ok(Self(bytes))
    }

    /// `None` for bytes that are none of ours.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The newest step whose code is `code`, up to `skew` steps around `now`. The step, not the
    /// text, is what a code is used up by (bugs 32 and 33).
    ///
    /// Of what is typed, spaces between digits count for nothing, and all else but six digits of
    /// ASCII is no code. Compared in constant time (bug 34).
    pub(crate) fn step(&self, code: &str, now: Timestamp, skew: u32) -> Option<i64> {
        // Longer than any code with spaces in it: nothing of it is copied (bug 28).
        if code.len() > 16 {
            return None;
        }
        let code: Zeroizing<String> = Zeroizing::new(code.split(' ').collect());
        let totp = self.totp()?;
        let (step, skew) = (now.millis().div_euclid(STEP), i64::from(skew));
        let mut found = None;
        for step in step.saturating_sub(skew)..=step.saturating_add(skew) {
            let Some(time) = u64::try_from(step)
                .ok()
                .and_then(|step| step.checked_mul(30))
            else {
                continue;
            };
            if totp.check(&code, time).is_some() {
                found = Some(step);
            }
        }
        found
    }

    /// Around no other step than the one asked for: the window is ours, because the newest match
    /// is wanted and every step of it is tried.
    fn totp(&self) -> Option<Totp> {
        let builder = Builder::new()
            .with_secret(Secret::new_stack(*self.0))
            .with_skew(0);
        builder.build().ok()
    }
}

/// Percent-encoded down to what RFC 3986 calls unreserved, so that a name can neither end the label
/// nor add a parameter.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn rfc() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn the_codes_of_rfc_4226_appendix_d() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489",
        ];
        for (step, code) in (0..).zip(codes) {
            assert_eq!(rfc().step(code, at(step * 30), 0), Some(step), "{code}");
            assert_eq!(rfc().step(code, at(step * 30 + 29), 0), Some(step));
            assert_eq!(rfc().step(code, at(step * 30 + 30), 0), None, "{code}");
        }
    }

    /// The appendix has eight digits; six are the last six of them.
    #[test]
    fn the_codes_of_rfc_6238_appendix_b() {
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(rfc().step(code, at(time), 0), Some(time / 30), "{time}");
        }
    }

    #[test]
    fn a_clock_may_be_off_by_the_skew_and_no_more() {
        let at_59 = |time, skew| rfc().step("287082", at(time), skew);
        assert_eq!(at_59(29, 0), None);
        assert_eq!((at_59(29, 1), at_59(89, 1)), (Some(1), Some(1)));
        assert_eq!(at_59(90, 1), None);
        for time in [i64::MIN, -1, i64::MAX] {
            let time = Timestamp::from_millis(time);
            assert_eq!(rfc().step("287082", time, 1).filter(|step| *step < 0), None);
        }
    }

    /// Two steps in a row with the same code: used up by the newer one, it is not good once more.
    #[test]
    fn bug32_a_code_that_two_steps_share_is_that_of_the_newer() {
        let steps = [910_737, 910_738].map(|step| rfc().step("911617", at(step * 30), 0));
        assert_eq!(steps, [Some(910_737), Some(910_738)]);
        assert_eq!(rfc().step("911617", at(910_737 * 30), 1), Some(910_738));
    }

    #[test]
    fn bug33_what_is_no_code_matches_nothing_and_spaces_are_no_other_code() {
        let at_59 = |code: &str| rfc().step(code, at(59), 1);
        for code in ["287082", "287 082", " 287082 "] {
            assert_eq!(at_59(code), Some(1), "{code}");
        }
        let long = "2".repeat(10_000_000);
        for code in [
            "",
            "28708",
            "2870820",
            "+87082",
            "-87082",
            "28708a",
            "２８７０８２",
            "287\t082",
            "287082\0",
            "287082\n",
            &long,
        ] {
            assert_eq!(at_59(code), None, "{:?}", code.get(..16));
        }
    }

    #[test]
    fn an_offer_is_read_by_an_app_and_prints_as_nothing() {
        let offer = FactorOffer::new(LoginName::parse("ada&x=1@example.com").unwrap(), rfc());
        assert_eq!(
            offer.uri("Müller: GmbH").expose_secret(),
            "otpauth://totp/M%C3%BCller%3A%20GmbH:ada%26x%3D1%40example.com?secret=\
             GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=M%C3%BCller%3A%20GmbH&algorithm=SHA1\
             &digits=6&period=30"
        );
        assert_eq!(
            offer.secret().expose_secret(),
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        );
        assert_eq!(format!("{offer:?}"), "FactorOffer { .. }");
    }
}
