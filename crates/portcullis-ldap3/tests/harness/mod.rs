//! What the tests against both servers stand on.

use portcullis_credentials::{
    Directory, DirectoryAnswer, DirectoryFault, DirectoryPassword, DirectoryRefusal, LoginName,
    SecretString,
};
use portcullis_ldap3::Ldap;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const RIGHT: &str = "correct horse battery";
pub(crate) const WRONG: &str = "a wrong one";

/// What the directory says of a name and a password.
pub(crate) fn ask(
    directory: &Ldap,
    name: &str,
    password: &str,
) -> Result<Option<DirectoryRefusal>, DirectoryFault> {
    let name = LoginName::parse(name).unwrap();
    let password = SecretString::from(password);
    let typed = DirectoryPassword::new(&password).unwrap();
    match directory.verify(&name, &typed) {
        Ok(DirectoryAnswer::Accepted) => Ok(None),
        Ok(DirectoryAnswer::Refused(refusal)) => Ok(Some(refusal)),
        Err(error) => Err(error.fault()),
    }
}

/// Says why a test was skipped, and fails where `CI` is set: a test that skips in silence tests
/// nothing.
pub(crate) fn skipped<T>(why: &str) -> Option<T> {
    assert!(std::env::var_os("CI").is_none(), "{why}");
    println!("skipped: {why}");
    None
}

/// Debian keeps servers where an ordinary user's path does not lead.
pub(crate) fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/sbin", "/usr/local/sbin", "/usr/libexec"].map(PathBuf::from);
    std::env::split_paths(&path)
        .chain(more)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// An authority, `ca.pem`, and of it `server.pem` with `server.key`, for `DNS:` or `IP:` `names`.
pub(crate) fn certificate(at: &Path, names: &str) {
    let openssl = |arguments: &[&str]| {
        let made = Command::new("openssl")
            .args(arguments)
            .current_dir(at)
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
    };
    let new = [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
    ];
    let authority = [
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-subj",
        "/CN=Test Authority",
    ];
    openssl(&[new.as_slice(), &authority].concat());
    let names = format!("subjectAltName={names}");
    let own = [
        "-keyout",
        "server.key",
        "-out",
        "server.pem",
        "-subj",
        "/CN=localhost",
    ];
    let signed = [
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-addext",
        &names,
        "-addext",
        "basicConstraints=critical,CA:FALSE",
    ];
    openssl(&[new.as_slice(), &own, &signed].concat());
}
