use crate::harness::{certificate, found, skipped};
use portcullis_ldap3::{Encryption, Ldap, LdapBuilder, Lookup, Roots};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
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
            return skipped("slapd");
        };
        if found("openssl").is_none() {
            return skipped("openssl");
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
        let (plain, tls) = (free_port(), free_port());
        let child = Command::new(slapd)
            .arg("-f")
            .arg(at.join("slapd.conf"))
            .arg("-h")
            .arg(format!("ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}"))
            // In the foreground, telling of each operation.
            .args(["-d", "stats"])
            .stderr(fs::File::create(at.join("log")).unwrap())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self {
            child,
            folder,
            plain,
            tls,
        };
        server.wait();
        Some(server)
    }

    fn wait(&mut self) {
        let start = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.tls)).is_err() {
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() && start.elapsed() < Duration::from_secs(20),
                "slapd did not start: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
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

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn configuration(at: &Path) -> String {
    include_str!("slapd.conf").replace("{at}", at.to_str().unwrap())
}
