use crate::harness::{RIGHT, WRONG, ask};
use crate::server::{Slapd, by_uid};
use portcullis_credentials::{DirectoryFault, DirectoryRefusal};
use portcullis_ldap3::{Encryption, Ldap, Roots};
use std::net::TcpListener;
use std::time::{Duration, Instant};

#[test]
fn both_kinds_of_tls_work_and_neither_takes_a_strangers_certificate() {
    let Some(server) = Slapd::start() else { return };
    let start_tls = |roots| {
        Ldap::at("localhost")
            .port(server.plain)
            .encryption(Encryption::StartTls)
            .roots(roots)
            .finding(by_uid())
            .unwrap()
    };
    let ldaps = |roots| {
        Ldap::at("localhost")
            .port(server.tls)
            .roots(roots)
            .finding(by_uid())
            .unwrap()
    };
    assert_eq!(ask(&ldaps(server.authority()), "ada", RIGHT), Ok(None));
    assert_eq!(ask(&start_tls(server.authority()), "ada", RIGHT), Ok(None));
    let before = server.binds("");
    let stranger = || Roots::Pem(include_str!("stranger.pem").to_owned());
    for directory in [ldaps(stranger()), start_tls(stranger())] {
        let said = ask(&directory, "ada", RIGHT);
        assert_eq!(said, Err(DirectoryFault::Misconfigured));
    }
    assert_eq!(server.binds(""), before, "no password was sent");
}

#[test]
fn a_certificate_of_another_name_is_no_certificate() {
    let Some(server) = Slapd::start() else { return };
    let by_address = Ldap::at("127.0.0.1")
        .port(server.tls)
        .roots(server.authority())
        .finding(by_uid())
        .unwrap();
    assert_eq!(
        ask(&by_address, "ada", RIGHT),
        Err(DirectoryFault::Misconfigured)
    );
}

#[test]
fn in_the_clear_only_where_that_was_asked_for() {
    let Some(server) = Slapd::start() else { return };
    let plain = server.in_the_clear().finding(by_uid()).unwrap();
    assert_eq!(ask(&plain, "ada", RIGHT), Ok(None));
    let before = server.binds("");
    let tls_to_a_plain_port = server.at().port(server.plain).finding(by_uid()).unwrap();
    assert!(ask(&tls_to_a_plain_port, "ada", RIGHT).is_err());
    assert_eq!(server.binds(""), before);
}

#[test]
fn a_server_that_is_gone_is_down() {
    let Some(mut server) = Slapd::start() else {
        return;
    };
    let directory = server.directory();
    assert_eq!(ask(&directory, "ada", RIGHT), Ok(None));
    server.stop();
    assert_eq!(ask(&directory, "ada", RIGHT), Err(DirectoryFault::Down));
}

#[test]
fn a_server_that_is_silent_takes_no_longer_than_it_may() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for encryption in [Encryption::PasswordsInTheClear, Encryption::StartTls] {
        let directory = Ldap::at("127.0.0.1")
            .port(port)
            .encryption(encryption)
            .roots(Roots::Pem(include_str!("stranger.pem").to_owned()))
            .timeout(Duration::from_millis(300))
            .finding(by_uid())
            .unwrap();
        let start = Instant::now();
        assert_eq!(ask(&directory, "ada", RIGHT), Err(DirectoryFault::TimedOut));
        assert!(start.elapsed() < Duration::from_secs(3));
    }
}

#[test]
fn a_server_that_talks_nonsense_is_a_fault_and_not_the_end() {
    use std::io::Write;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for nonsense in [
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            "0\u{5}\u{2}\u{1}\u{1}a\u{0}",
        ] {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(nonsense.as_bytes()).unwrap();
        }
    });
    for _ in 0..2 {
        let directory = Ldap::at("127.0.0.1")
            .port(port)
            .encryption(Encryption::PasswordsInTheClear)
            .timeout(Duration::from_secs(2))
            .finding(by_uid())
            .unwrap();
        assert!(ask(&directory, "ada", RIGHT).is_err());
    }
}

/// The question is asked on a thread of its own: an executor's thread may wait for it.
#[test]
fn it_may_be_asked_from_within_an_executor() {
    let Some(server) = Slapd::start() else { return };
    let directory = server.directory();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        assert_eq!(ask(&directory, "ada", RIGHT), Ok(None));
        assert_eq!(
            ask(&directory, "ada", WRONG),
            Ok(Some(DirectoryRefusal::Wrong))
        );
    });
}
