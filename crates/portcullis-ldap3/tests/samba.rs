//! Against Samba's Active Directory, which says why in the words of a Windows domain controller.
//!
//! It listens on the two ports of LDAP and on no others, so this needs root, and nobody else on
//! them; where that is not so, or no Samba is on the machine, it says `skipped`, or fails where `CI`
//! is set.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, says when it was skipped, and waits for a server"
)]

mod harness;

use harness::{RIGHT, WRONG, ask, certificate, found, skipped};
use portcullis_credentials::{DirectoryFault, DirectoryRefusal};
use portcullis_ldap3::{Encryption, Ldap, LdapBuilder, Lookup, Roots};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const ADDRESS: &str = "127.0.0.77";
const BASE: &str = "dc=corp,dc=example";
const SEARCHER: &str = "cn=portal,cn=users,dc=corp,dc=example";

/// A domain of one test, gone with it.
struct Domain {
    child: Child,
    folder: TempDir,
}

impl Domain {
    fn start() -> Option<Self> {
        for needed in ["samba-tool", "samba", "openssl"] {
            if found(needed).is_none() {
                return skipped(&format!("{needed} is not installed"));
            }
        }
        for port in [389, 636] {
            if let Err(error) = TcpListener::bind((ADDRESS, port)) {
                return skipped(&format!("port {port} cannot be had: {error}"));
            }
        }
        let folder = TempDir::new().unwrap();
        let at = folder.path();
        certificate(at, &format!("IP:{ADDRESS}"));
        provision(at);
        populate(at);
        let log = fs::File::create(at.join("log")).unwrap();
        let child = Command::new(found("samba").unwrap())
            .args(["-i", "-M", "single", "--debug-stdout", "-s"])
            .arg(at.join("etc/smb.conf"))
            .stderr(log.try_clone().unwrap())
            .stdout(log)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut domain = Self { child, folder };
        domain.wait();
        Some(domain)
    }

    fn wait(&mut self) {
        let start = Instant::now();
        while TcpStream::connect((ADDRESS, 636)).is_err() {
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() && start.elapsed() < Duration::from_secs(120),
                "samba did not start: {}",
                fs::read_to_string(self.folder.path().join("log")).unwrap()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn at(&self) -> LdapBuilder {
        let authority = fs::read_to_string(self.folder.path().join("ca.pem")).unwrap();
        Ldap::at(ADDRESS).roots(Roots::Pem(authority))
    }
}

impl Drop for Domain {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(at: &Path, arguments: &[&str]) {
    let done = Command::new(found("samba-tool").unwrap())
        .args(arguments)
        .current_dir(at)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn provision(at: &Path) {
    let folder = at.to_str().unwrap();
    run(
        at,
        &[
            "domain",
            "provision",
            "--realm=CORP.EXAMPLE",
            "--domain=CORP",
            "--host-name=dc1",
            "--dns-backend=NONE",
            "--adminpass=Of-no-use-2-anybody",
            &format!("--targetdir={folder}"),
        ],
    );
    let file = at.join("etc/smb.conf");
    let written = fs::read_to_string(&file).unwrap();
    let ours = format!(
        "[global]\n\
         interfaces = {ADDRESS}/8\n\
         bind interfaces only = yes\n\
         server services = ldap\n\
         log file = {folder}/samba.log\n\
         pid directory = {folder}\n\
         ncalrpc dir = {folder}/ncalrpc\n\
         ntp signd socket directory = {folder}/ntp\n\
         winbindd socket directory = {folder}/winbindd\n\
         tls keyfile = {folder}/server.key\n\
         tls certfile = {folder}/server.pem\n\
         tls cafile = {folder}/ca.pem\n"
    );
    let rest = written
        .lines()
        .filter(|line| !line.contains("server services") && !line.contains("log file"));
    let rest: Vec<&str> = rest.collect();
    fs::write(&file, rest.join("\n").replacen("[global]", &ours, 1)).unwrap();
}

fn populate(at: &Path) {
    let on = ["-s", "etc/smb.conf", "-H", "private/sam.ldb"];
    let tool = |arguments: &[&str]| run(at, &[arguments, on.as_slice()].concat());
    let settings = ["domain", "passwordsettings", "set"];
    let rules = [
        "--complexity=off",
        "--min-pwd-length=4",
        "--account-lockout-threshold=4",
    ];
    tool(&[settings.as_slice(), &rules].concat());
    for name in ["portal", "ada", "off", "gone", "locked"] {
        tool(&["user", "create", name, RIGHT]);
    }
    let change = "--must-change-at-next-login";
    tool(&["user", "create", "reset", RIGHT, change]);
    tool(&["user", "disable", "off"]);
    tool(&["user", "setexpiry", "gone", "--days=-1"]);
}

fn lookup() -> Lookup {
    Lookup::active_directory(BASE, SEARCHER, RIGHT)
}

#[test]
fn s30_an_active_directory_decides_and_says_why() {
    use DirectoryRefusal::{AccountExpired, Disabled, Locked, MustChange, Unknown, Wrong};
    let Some(domain) = Domain::start() else {
        return;
    };
    let directory = domain.at().finding(lookup()).unwrap();
    let said = |name, password| ask(&directory, name, password).unwrap();
    assert_eq!(said("ada", RIGHT), None);
    assert_eq!(said("ADA", RIGHT), None);
    assert_eq!(said("ada", WRONG), Some(Wrong));
    assert_eq!(said("nobody", RIGHT), Some(Unknown));
    assert_eq!(said("off", RIGHT), Some(Disabled));
    assert_eq!(said("gone", RIGHT), Some(AccountExpired));
    assert_eq!(said("reset", RIGHT), Some(MustChange));
    assert_eq!(said("reset", WRONG), Some(Wrong));
    for _ in 0..4 {
        assert_eq!(said("locked", WRONG), Some(Wrong));
    }
    assert_eq!(said("locked", RIGHT), Some(Locked));
    for name in ["*", "ad*", "admin)(&", "\\00"] {
        assert_eq!(said(name, RIGHT), Some(Unknown), "bug 37: {name}");
    }

    let principal = domain.at().finding(Lookup::principal("corp.example"));
    let principal = principal.unwrap();
    assert_eq!(ask(&principal, "ada", RIGHT), Ok(None));
    assert_eq!(ask(&principal, "ada", WRONG), Ok(Some(Wrong)));
    assert_eq!(ask(&principal, "CORP\\ada", RIGHT), Ok(Some(Unknown)));

    let start_tls = domain.at().encryption(Encryption::StartTls);
    let start_tls = start_tls.finding(lookup()).unwrap();
    assert_eq!(ask(&start_tls, "ada", RIGHT), Ok(None));

    // It asks for TLS before it takes a password: our fault, and nobody's wrong password.
    let plain = domain.at().encryption(Encryption::PasswordsInTheClear);
    let plain = plain.finding(lookup()).unwrap();
    assert_eq!(
        ask(&plain, "ada", RIGHT),
        Err(DirectoryFault::Misconfigured)
    );
}
