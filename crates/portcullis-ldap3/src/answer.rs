//! What a server's answer to a bind means.

use crate::ppolicy::{PolicyNote, note};
use ldap3::LdapResult;
use portcullis_credentials::{DirectoryAnswer, DirectoryError, DirectoryFault, DirectoryRefusal};

/// The answer to the bind of a user.
pub(crate) fn of_user(result: &LdapResult) -> Result<DirectoryAnswer, DirectoryError> {
    use DirectoryRefusal as No;
    let noted = note(&result.ctrls).map(|note| match note {
        PolicyNote::PasswordExpired => No::PasswordExpired,
        PolicyNote::AccountLocked => No::Locked,
        PolicyNote::ChangeAfterReset => No::MustChange,
    });
    // RFC 4511, 4.1.9, and what servers make of it.
    let refusal = match result.rc {
        // A password that was reset is right and still opens nothing else.
        0 => match noted {
            None => return Ok(DirectoryAnswer::Accepted),
            Some(refusal) => refusal,
        },
        // constraintViolation: how 389 Directory Server and FreeIPA tell a lock.
        19 => noted.unwrap_or(No::Locked),
        // noSuchObject: of a name that was put together and not searched for.
        32 => No::Unknown,
        // inappropriateAuthentication: an entry without a password. insufficientAccessRights.
        48 | 50 => noted.unwrap_or(No::Wrong),
        // invalidCredentials
        49 => noted
            .or_else(|| of_active_directory(&result.text))
            .unwrap_or(No::Wrong),
        // unwillingToPerform: how the same two tell a disabled account.
        53 => noted.unwrap_or(No::Disabled),
        _ => return Err(fault(result, "the sign-in of a user")),
    };
    Ok(DirectoryAnswer::Refused(refusal))
}

/// An answer that is about us or the server, and not about a user.
pub(crate) fn fault(result: &LdapResult, to: &str) -> DirectoryError {
    let kind = match result.rc {
        // timeLimitExceeded
        3 => DirectoryFault::TimedOut,
        // busy, unavailable
        51 | 52 => DirectoryFault::Down,
        _ => DirectoryFault::Misconfigured,
    };
    DirectoryError::new(kind).because(format!("{to} was answered {}", one_line(result)))
}

fn one_line(result: &LdapResult) -> String {
    let text: String = result.text.chars().take(200).collect();
    format!("{} {text}", result.rc)
}

/// Active Directory says why behind `data`, as a Windows error in hexadecimal.
fn of_active_directory(text: &str) -> Option<DirectoryRefusal> {
    use DirectoryRefusal as No;
    let (_, data) = text.split_once("AcceptSecurityContext error, data ")?;
    let code = data.split(|c: char| !c.is_ascii_hexdigit()).next()?;
    Some(match u32::from_str_radix(code, 16).ok()? {
        0x525 => No::Unknown,
        0x52e => No::Wrong,
        0x530 | 0x531 => No::NotHereOrNow,
        0x532 => No::PasswordExpired,
        0x533 => No::Disabled,
        0x701 => No::AccountExpired,
        0x773 => No::MustChange,
        0x775 => No::Locked,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ldap3::controls::{Control, RawControl};

    fn result(rc: u32, text: &str) -> LdapResult {
        LdapResult {
            rc,
            matched: String::new(),
            text: text.to_owned(),
            refs: Vec::new(),
            ctrls: Vec::new(),
        }
    }

    fn refused(result: &LdapResult) -> Option<DirectoryRefusal> {
        match of_user(result) {
            Ok(DirectoryAnswer::Refused(refusal)) => Some(refusal),
            _ => None,
        }
    }

    #[test]
    fn every_sub_code_of_active_directory_is_told_apart() {
        use DirectoryRefusal::{
            AccountExpired, Disabled, Locked, MustChange, NotHereOrNow, PasswordExpired, Unknown,
            Wrong,
        };
        // As a domain controller of 2008 R2, of 2016, and Samba write it.
        let texts = [
            "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data XXX, v1db1",
            "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data XXX, v3839\0",
            "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data XXX, v1db1 <x>",
            "comment: AcceptSecurityContext error, data XXX",
        ];
        for (code, refusal) in [
            ("525", Unknown),
            ("52e", Wrong),
            ("52E", Wrong),
            ("530", NotHereOrNow),
            ("531", NotHereOrNow),
            ("532", PasswordExpired),
            ("533", Disabled),
            ("701", AccountExpired),
            ("773", MustChange),
            ("775", Locked),
        ] {
            for text in texts {
                let said = result(49, &text.replace("XXX", code));
                assert_eq!(refused(&said), Some(refusal), "{}", said.text);
            }
        }
        for odd in [
            "",
            "data 773",
            "AcceptSecurityContext error, data ",
            "AcceptSecurityContext error, data 80090308999, v1",
        ] {
            assert_eq!(refused(&result(49, odd)), Some(Wrong), "{odd}");
        }
    }

    #[test]
    fn a_note_of_the_password_policy_is_heard_even_beside_a_success() {
        let noted = |rc, error| {
            let mut said = result(rc, "");
            let control = RawControl {
                val: Some(vec![0x30, 3, 0x81, 1, error]),
                ..crate::ppolicy::request()
            };
            said.ctrls.push(Control(None, control));
            said
        };
        assert_eq!(refused(&noted(0, 2)), Some(DirectoryRefusal::MustChange));
        assert_eq!(
            refused(&noted(49, 0)),
            Some(DirectoryRefusal::PasswordExpired)
        );
        assert_eq!(refused(&noted(49, 1)), Some(DirectoryRefusal::Locked));
        assert!(matches!(
            of_user(&result(0, "")),
            Ok(DirectoryAnswer::Accepted)
        ));
    }

    #[test]
    fn what_is_not_about_the_user_is_a_fault() {
        let kind = |rc| of_user(&result(rc, "")).map_err(|error| error.fault());
        for misconfigured in [1, 2, 8, 10, 13, 14, 34, 80, 4096] {
            assert_eq!(
                kind(misconfigured),
                Err(DirectoryFault::Misconfigured),
                "{misconfigured}"
            );
        }
        assert_eq!(kind(51), Err(DirectoryFault::Down));
        assert_eq!(kind(52), Err(DirectoryFault::Down));
        assert_eq!(kind(3), Err(DirectoryFault::TimedOut));
    }
}
