use crate::harness::{certificate, found, skipped};
use portcullis_ldap3::{Encryption, Ldap, LdapBuilder, Lookup, Roots};
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) const SEARCHER: &str = "cn=portal,ou=services,dc=corp,dc=example";
pub(crate) const SEARCHERS: &str = "the portal's own";

/// A server of one test, gone with it.
pub(crate) struct Slapd {
    child: Child,
    folder: TempDir,
    pub(crate) plain: u16,
    pub(crate) tls: u16,
}

impl Slapd {
    /// `None`, said aloud, where there is no slapd to be had.
    pub(crate) fn start() -> Option<Self> {
        let Some(slapd) = found("slapd") else {
            return skipped("slapd is not installed");
        };
        if found("openssl").is_none() {
            return skipped("openssl is not installed");
        }
        let folder = TempDir::new().unwrap();
        let at = folder.path();
        certificate(at, "DNS:localhost");
        fs::create_dir(at.join("data")).unwrap();
        fs::write(at.join("slapd.conf"), configuration(at)).unwrap();
        fs::write(at.join("people.ldif"), include_str!("people.ldif")).unwrap();
        let slapadd = found("slapadd").expect("slapadd comes with slapd");
        let filled = Command::new(slapadd)
            .arg("-f")
            .arg(at.join("slapd.conf"))
            .arg("-l")
            .arg(at.join("people.ldif"))
            .output()
            .unwrap();
        assert!(
            filled.status.success(),
            "{}",
            String::from_utf8_lossy(&filled.stderr)
        );
        let (child, ports) = launch(&slapd, at);
        let mut server = Self {
            child,
            folder,
            plain: ports[0],
            tls: ports[1],
        };
        while !server.has_started() {
            let (child, ports) = launch(&slapd, server.folder.path());
            (server.child, server.plain, server.tls) = (child, ports[0], ports[1]);
        }
        Some(server)
    }

    /// Whether it has, or has ended because somebody else is at its ports. It says itself that it
    /// has them: before, a stranger may answer there.
    fn has_started(&mut self) -> bool {
        let start = Instant::now();
        let answers = |port| TcpStream::connect(("127.0.0.1", port)).is_ok();
        while !(self.log().contains("slapd starting") && answers(self.plain) && answers(self.tls)) {
            if self.child.try_wait().unwrap().is_some() {
                let log = self.log();
                assert!(log.contains("in use"), "slapd did not start: {log}");
                return false;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        true
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// How many binds have asked for an entry whose name begins with this.
    pub(crate) fn binds(&self, of: &str) -> usize {
        let asked = format!("BIND dn=\"{of}");
        self.log()
            .lines()
            .filter(|line| line.contains(&asked) && line.contains("method="))
            .count()
    }

    pub(crate) fn authority(&self) -> Roots {
        Roots::Pem(fs::read_to_string(self.folder.path().join("ca.pem")).unwrap())
    }

    /// Over TLS, trusting the authority made for this server.
    pub(crate) fn at(&self) -> LdapBuilder {
        Ldap::at("localhost").port(self.tls).roots(self.authority())
    }

    pub(crate) fn in_the_clear(&self) -> LdapBuilder {
        Ldap::at("127.0.0.1")
            .port(self.plain)
            .encryption(Encryption::PasswordsInTheClear)
    }

    /// As a portal would have it: searching people by `uid`.
    pub(crate) fn directory(&self) -> Ldap {
        self.at().finding(by_uid()).unwrap()
    }

    /// Whether a bind as `dn` with an empty password succeeds here.
    pub(crate) fn takes_no_password(&self, dn: &str) -> bool {
        let url = format!("ldap://127.0.0.1:{}", self.plain);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let (connection, mut ldap) = ldap3::LdapConnAsync::new(&url).await.unwrap();
            tokio::spawn(connection.drive());
            ldap.simple_bind(dn, "").await.unwrap().rc == 0
        })
    }

    pub(crate) fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn by_uid() -> Lookup {
    Lookup::search("dc=corp,dc=example", "(&(objectClass=person)(uid={}))")
        .searching_as(SEARCHER, SEARCHERS)
}

fn launch(slapd: &Path, at: &Path) -> (Child, [u16; 2]) {
    let ports = [(); 2].map(|()| own_port());
    let [plain, tls] = ports;
    let child = Command::new(slapd)
        .arg("-f")
        .arg(at.join("slapd.conf"))
        .arg("-h")
        .arg(format!("ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}"))
        // In the foreground, telling of each operation.
        .args(["-d", "stats"])
        .stderr(fs::File::create(at.join("log")).unwrap())
        .stdout(Stdio::null())
        .spawn();
    (child.unwrap(), ports)
}

/// A port that this process has not used, nor another one of these tests, and that the system gives
/// to nobody of itself, so that it stays ours from now until after the server has ended.
fn own_port() -> u16 {
    static USED: AtomicU32 = AtomicU32::new(0);
    let used = USED.fetch_add(1, Ordering::Relaxed);
    assert!(used < 70, "slapd starts on none of the ports");
    u16::try_from(10_000 + std::process::id() % 300 * 70 + used).unwrap()
}

fn configuration(at: &Path) -> String {
    include_str!("slapd.conf").replace("{at}", at.to_str().unwrap())
}
