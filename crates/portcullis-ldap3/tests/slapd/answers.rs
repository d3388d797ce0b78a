use crate::harness::{RIGHT, WRONG, ask};
use crate::server::Slapd;
use portcullis_credentials::DirectoryRefusal;

#[test]
fn s30_the_directory_decides() {
    let Some(server) = Slapd::start() else { return };
    let directory = server.directory();
    assert_eq!(ask(&directory, "ada", RIGHT), Ok(None));
    assert_eq!(
        ask(&directory, "ada", WRONG),
        Ok(Some(DirectoryRefusal::Wrong))
    );
    assert_eq!(
        ask(&directory, "nobody", RIGHT),
        Ok(Some(DirectoryRefusal::Unknown))
    );
    assert_eq!(
        ask(&directory, "bare", RIGHT),
        Ok(Some(DirectoryRefusal::Wrong))
    );
}

#[test]
fn a_password_that_must_be_changed_or_has_run_out_is_no_way_in() {
    let Some(server) = Slapd::start() else { return };
    let directory = server.directory();
    let no = |name, password| ask(&directory, name, password).unwrap();
    assert_eq!(no("reset", RIGHT), Some(DirectoryRefusal::MustChange));
    assert_eq!(no("reset", WRONG), Some(DirectoryRefusal::Wrong));
    assert_eq!(
        no("expired", RIGHT),
        Some(DirectoryRefusal::PasswordExpired)
    );
    assert_eq!(no("expired", WRONG), Some(DirectoryRefusal::Wrong));
}

#[test]
fn an_account_that_is_locked_there_says_so() {
    let Some(server) = Slapd::start() else { return };
    let directory = server.directory();
    for _ in 0..4 {
        assert_eq!(
            ask(&directory, "ada", WRONG),
            Ok(Some(DirectoryRefusal::Wrong))
        );
    }
    assert_eq!(
        ask(&directory, "ada", RIGHT),
        Ok(Some(DirectoryRefusal::Locked))
    );
}

/// The control: this server does let in whoever gives no password. Only the type of a password
/// stands before it, and it cannot hold such a one.
#[test]
fn bug36_this_server_would_take_no_password_for_anonymous_and_never_gets_one() {
    use portcullis_credentials::{DirectoryPassword, SecretString};
    let Some(server) = Slapd::start() else { return };
    assert!(server.takes_no_password("uid=ada,ou=people,dc=corp,dc=example"));
    for nothing in ["", " ", "\t", "\0", "\0correct horse battery"] {
        assert!(DirectoryPassword::new(&SecretString::from(nothing)).is_none());
    }
}
