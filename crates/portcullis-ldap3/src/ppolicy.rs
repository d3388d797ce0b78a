//! The password-policy control (draft-behera-ldap-password-policy-10), as far as it refuses.

use ldap3::controls::{Control, RawControl};

const OID: &str = "1.3.6.1.4.1.42.2.27.8.5.1";

/// What a server with a password policy says beside its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolicyNote {
    PasswordExpired,
    AccountLocked,
    ChangeAfterReset,
}

/// Asks for the note. A server that knows nothing of it goes on without.
pub(crate) fn request() -> RawControl {
    RawControl {
        ctype: OID.to_owned(),
        crit: false,
        val: None,
    }
}

pub(crate) fn note(controls: &[Control]) -> Option<PolicyNote> {
    let mut ours = controls.iter().filter(|control| control.1.ctype == OID);
    read(ours.next()?.1.val.as_deref()?)
}

/// `SEQUENCE { [0] warning OPTIONAL, [1] error ENUMERATED OPTIONAL }`, all lengths of one byte.
fn read(value: &[u8]) -> Option<PolicyNote> {
    const SEQUENCE: u8 = 0x30;
    const ERROR: u8 = 0x81;
    let (tag, mut rest, _) = element(value)?;
    if tag != SEQUENCE {
        return None;
    }
    while let Some((tag, content, after)) = element(rest) {
        if tag == ERROR {
            return match content {
                [0] => Some(PolicyNote::PasswordExpired),
                [1] => Some(PolicyNote::AccountLocked),
                [2] => Some(PolicyNote::ChangeAfterReset),
                _ => None,
            };
        }
        rest = after;
    }
    None
}

/// The first element: its tag, its content, and what comes after it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, bytes) = bytes.split_first()?;
    let (&length, bytes) = bytes.split_first()?;
    if length > 0x7F {
        return None;
    }
    let (content, after) = bytes.split_at_checked(usize::from(length))?;
    Some((tag, content, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_read_with_and_without_a_warning_before_it() {
        assert_eq!(
            read(b"\x30\x03\x81\x01\x00"),
            Some(PolicyNote::PasswordExpired)
        );
        assert_eq!(
            read(b"\x30\x03\x81\x01\x01"),
            Some(PolicyNote::AccountLocked)
        );
        let warned = b"\x30\x08\xa0\x03\x80\x01\x05\x81\x01\x02";
        assert_eq!(read(warned), Some(PolicyNote::ChangeAfterReset));
        assert_eq!(
            read(b"\x30\x05\xa0\x03\x80\x01\x05"),
            None,
            "a warning alone"
        );
        assert_eq!(read(b"\x30\x00"), None);
    }

    #[test]
    fn what_is_cut_off_says_nothing() {
        let whole = b"\x30\x08\xa0\x03\x80\x01\x05\x81\x01\x02";
        for cut in 0..whole.len() {
            assert_eq!(read(whole.get(..cut).unwrap_or_default()), None, "{cut}");
        }
        assert_eq!(read(b"\x30\x84\xff\xff\xff\xff"), None);
        assert_eq!(read(b"\x04\x03\x81\x01\x00"), None);
    }
}
