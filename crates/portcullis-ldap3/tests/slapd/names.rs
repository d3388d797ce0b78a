use crate::harness::{RIGHT, ask};
use crate::server::{SEARCHER, Slapd, by_uid};
use portcullis_credentials::{DirectoryFault, DirectoryRefusal};
use portcullis_ldap3::Lookup;

#[test]
fn bug37_a_name_that_is_a_filter_finds_nobody() {
    let Some(server) = Slapd::start() else { return };
    let directory = server.directory();
    for name in [
        "*",
        "ad*",
        "admin)(&",
        "ada)(uid=*",
        "\\00",
        "\\2a",
        "ada)(|(uid=ada",
    ] {
        assert_eq!(
            ask(&directory, name, RIGHT),
            Ok(Some(DirectoryRefusal::Unknown)),
            "{name}"
        );
    }
    assert_eq!(server.binds("uid="), 0, "nobody was tried");
}

#[test]
fn bug37_a_name_that_is_a_path_is_one_name() {
    let Some(server) = Slapd::start() else { return };
    let people = Lookup::entry("uid={},ou=people,dc=corp,dc=example");
    let directory = server.at().finding(people).unwrap();
    assert_eq!(ask(&directory, "ada", RIGHT), Ok(None));
    let all = Lookup::entry("uid={},dc=corp,dc=example");
    let directory = server.at().finding(all).unwrap();
    for name in ["ada,ou=people", "ada+cn=ada", "ada\\2cou=people", "#ada"] {
        let said = ask(&directory, name, RIGHT).unwrap();
        // A server with a password policy does not tell who is unknown from who is wrong.
        assert_eq!(said, Some(DirectoryRefusal::Wrong), "{name}");
    }
}

#[test]
fn bug37_two_of_a_name_are_none() {
    let Some(server) = Slapd::start() else { return };
    assert_eq!(
        ask(&server.directory(), "twin", RIGHT),
        Ok(Some(DirectoryRefusal::Ambiguous))
    );
    let one = Lookup::search("ou=elsewhere,dc=corp,dc=example", "(uid={})")
        .searching_as(SEARCHER, "the portal's own");
    assert_eq!(
        ask(&server.at().finding(one).unwrap(), "twin", RIGHT),
        Ok(None)
    );
}

#[test]
fn bug37_more_than_the_server_was_asked_for_are_none_either() {
    let Some(server) = Slapd::start() else { return };
    let everybody = Lookup::search("dc=corp,dc=example", "(|(uid={})(objectClass=*))")
        .searching_as(SEARCHER, "the portal's own");
    let directory = server.at().finding(everybody).unwrap();
    assert_eq!(
        ask(&directory, "ada", RIGHT),
        Ok(Some(DirectoryRefusal::Ambiguous))
    );
}

#[test]
fn a_search_that_cannot_work_is_our_fault_and_nobodys_wrong_password() {
    let Some(server) = Slapd::start() else { return };
    let asked = |lookup| ask(&server.at().finding(lookup).unwrap(), "ada", RIGHT);
    let wrong_account = by_uid().searching_as(SEARCHER, "not its password");
    assert_eq!(asked(wrong_account), Err(DirectoryFault::Misconfigured));
    let wrong_base =
        Lookup::search("dc=other", "(uid={})").searching_as(SEARCHER, "the portal's own");
    assert_eq!(asked(wrong_base), Err(DirectoryFault::Misconfigured));
    let wrong_filter = Lookup::search("dc=corp,dc=example", "uid={}))(");
    assert_eq!(asked(wrong_filter), Err(DirectoryFault::Misconfigured));
}
