//! Hashes that other programs made: their passwords match, and nothing else does.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use portcullis_credentials::{Argon2id, Importing, Kdf, KdfError, PasswordHash};
use portcullis_id::{Entropy, EntropyError};
use std::collections::BTreeSet;

/// Made by `make_hashes.py`, with the versions in its head.
const HASHES: &str = include_str!("hashes.tsv");

struct Line {
    by: &'static str,
    password: &'static str,
    hash: &'static str,
}

fn lines() -> impl Iterator<Item = Line> {
    HASHES.lines().map(|line| {
        let (by, rest) = line.split_once('\t').unwrap();
        let (password, hash) = rest.split_once('\t').unwrap();
        Line { by, password, hash }
    })
}

/// Costs nothing, so that only the foreign function is waited for.
struct Free;

impl Kdf for Free {
    fn hash(&self, _: &str, _: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        Ok(PasswordHash::from_phc("free"))
    }
    fn verify(&self, _: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        self.check(hash).map(|()| false)
    }
    fn check(&self, hash: &PasswordHash) -> Result<(), KdfError> {
        if hash.expose() == "free" {
            Ok(())
        } else {
            Err(KdfError::Unusable("none of its own"))
        }
    }
}

struct Ones;

impl Entropy for Ones {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        bytes.fill(1);
        Ok(())
    }
}

fn kdf() -> Importing<Free> {
    Importing::new(Free, &Ones).unwrap().with_fast_digests()
}

fn verifies(kdf: &dyn Kdf, password: &str, hash: &str) -> bool {
    let hash = PasswordHash::from_phc(hash);
    let right = kdf.verify(password, &hash);
    assert_eq!(right.is_ok(), kdf.check(&hash).is_ok(), "{hash:?}");
    right.unwrap_or(false)
}

#[test]
fn bug31_what_a_peer_made_matches_its_password_and_no_other() {
    let kdf = kdf();
    for Line { by, password, hash } in lines() {
        assert!(verifies(&kdf, password, hash), "{by}: {hash}");
        assert!(
            !verifies(&kdf, &format!("{password}x"), hash),
            "{by}: {hash}"
        );
        assert!(kdf.outdated(&PasswordHash::from_phc(hash)), "{by}: {hash}");
    }
}

#[test]
fn every_peer_and_every_format_is_there() {
    let peers: BTreeSet<_> = lines().map(|line| line.by).collect();
    let wanted = [
        "argon2-cffi",
        "aspnet-layout",
        "bcrypt",
        "django",
        "passlib",
    ];
    assert_eq!(peers.into_iter().collect::<Vec<_>>(), wanted);
    for head in [
        "$2a$",
        "$2b$",
        "$2y$",
        "$argon2id$",
        "$argon2i$",
        "$argon2d$",
        "$bcrypt-sha256$v=2,",
        "$bcrypt-sha256$2b,",
        "$pbkdf2$",
        "$pbkdf2-sha256$",
        "$pbkdf2-sha512$",
        "$scrypt$",
        "pbkdf2_sha256$",
        "pbkdf2_sha1$",
        "argon2$",
        "bcrypt$",
        "bcrypt_sha256$",
        "scrypt$",
        "{PBKDF2}",
        "{PBKDF2-SHA256}",
        "{PBKDF2-SHA512}",
        "{PKCS5S2}",
        "{CRYPT}",
        "{SSHA}",
        "{SSHA256}",
        "{SSHA512}",
        "AAAB",
        "AQAAAAA",
        "AQAAAAE",
        "AQAAAAI",
    ] {
        assert!(lines().any(|line| line.hash.starts_with(head)), "{head}");
    }
}

/// What argon2-cffi makes above our floor needs no import: argon2id itself takes it.
#[test]
fn an_independent_peers_argon2id_is_ours() {
    let kdf = Argon2id::default();
    let ours = lines().filter(|line| line.hash.starts_with("$argon2id$v=19$m=65536,"));
    let mut seen = 0;
    for line in ours.take(2) {
        assert!(verifies(&kdf, line.password, line.hash));
        assert!(!verifies(&kdf, "another password", line.hash));
        assert!(!kdf.outdated(&PasswordHash::from_phc(line.hash)));
        seen += 1;
    }
    assert_eq!(seen, 2);
}

#[test]
fn bug30_a_hash_that_was_cut_off_never_matches() {
    let kdf = kdf();
    for Line { by, password, hash } in one_of_each() {
        // The last of them lack the salt or the hash as a whole, and are refused unrun.
        for len in (0..hash.len()).filter(|len| hash.len() - len < 9 || len % 16 == 0) {
            let cut = hash.get(..len).unwrap();
            for password in ["", password] {
                assert!(!verifies(&kdf, password, cut), "{by}: {cut} of {hash}");
            }
        }
    }
}

#[test]
fn bug30_a_hash_that_was_tampered_with_never_matches() {
    let kdf = kdf();
    for Line { by, password, hash } in one_of_each() {
        // Every byte of its head, where the meaning is, and some of what follows.
        for at in (0..hash.len()).filter(|at| *at < 24 || at % 30 == 0) {
            for with in ['A', '2', '$'] {
                let (head, tail) = (hash.get(..at).unwrap(), hash.get(at + 1..).unwrap());
                let other = format!("{head}{with}{tail}");
                if other == hash || same_function(&other, hash) {
                    continue;
                }
                assert!(
                    !verifies(&kdf, password, &other),
                    "{by}: {other} for {hash}"
                );
            }
        }
        for other in [
            format!("{hash}A"),
            format!(" {hash}"),
            format!("{hash}\n"),
            format!("{hash}$"),
        ] {
            assert!(
                !verifies(&kdf, password, &other),
                "{by}: {other:?} for {hash}"
            );
        }
    }
}

/// The first password's hashes, without the costliest.
fn one_of_each() -> impl Iterator<Item = Line> {
    let first = lines().next().unwrap().password;
    let costly = |hash: &str| hash.contains("m=65536") || hash.starts_with("{PKCS5S2}");
    lines().filter(move |line| line.password == first && !costly(line.hash))
}

/// Names in which a letter in a capital says the same.
fn same_function(one: &str, other: &str) -> bool {
    one.starts_with('{') && one.eq_ignore_ascii_case(other) && {
        let value = |text: &str| text.split_once('}').map(|(_, value)| value.to_owned());
        value(one) == value(other)
    }
}

#[test]
fn bug29_a_tampered_cost_is_refused_before_it_is_run() {
    let kdf = kdf();
    for hash in [
        "$2b$31$CCCCCCCCCCCCCCCCCCCCC.0uP/2zHIr81tVya45gVnDFLBmqu9l4W",
        "$argon2id$v=19$m=4294967295,t=2,p=2$AAECAwQFBgcICQoLDA0ODw$6KYdJErDSN314aAo5BEf1+a7kRWpSnuygDH//wOv0LQ",
        "$scrypt$ln=30,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$mp90zEQd5XGhjEv4WArVH4Z0XRSzkGWtJK2S/AXJlRU",
        "scrypt$1073741824$Salt0123456789ABCDEFGH$8$5$N7sVUY1qhdHpL6QCingXX+bqJwDhOc1yNKn3emWnWiA=",
        "pbkdf2_sha256$4000000000$Salt0123456789ABCDEFGH$lNPNg4O2bC3IuwjFkqlM0KB+lAasNCGodICotk8AV7A=",
        "{PBKDF2-SHA512}4000000000$AAECAwQFBgcICQoLDA0ODw$7JqmOt8wvz8/DCqNlJ1K35XgjJ",
        "bcrypt_sha256$$2b$31$CCCCCCCCCCCCCCCCCCCCC.BlR0ZpK5BRexegoA8GUXrc0Jc4XF6QW",
    ] {
        assert!(kdf.check(&PasswordHash::from_phc(hash)).is_err(), "{hash}");
        assert!(!verifies(&kdf, "correct horse battery staple", hash));
    }
}

#[test]
fn bug30_what_needs_no_guessing_is_not_taken() {
    let kdf = kdf();
    for hash in [
        "",
        "free ",
        "!",
        "*",
        "x",
        "{SSHA}",
        "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
        "{MD5}X03MO1qnZdYdgyfeuILPmQ==",
        "{SMD5}AAAAAAAAAAAAAAAAAAAAAAECAwQ=",
        "{CLEARTEXT}password",
        "{CRYPT}$6$salt$hash",
        "{CRYPT}abJnggxhB/yWI",
        "$1$salt$hash",
        "$5$salt$hash",
        "$6$salt$hash",
        "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99",
        "sha1$salt$hash",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "password",
        "A",
        "AAAA",
        "{SSHA}o7B+j1mFfbmEwTcG4Xb9GJL9mOYBAgM=",
    ] {
        assert!(kdf.check(&PasswordHash::from_phc(hash)).is_err(), "{hash}");
        assert!(!verifies(&kdf, "password", hash), "{hash}");
    }
    let huge = PasswordHash::from_phc("$2b$12$".to_owned() + &"A".repeat(10_000_000));
    assert!(kdf.check(&huge).is_err());
}

#[test]
fn a_fast_digest_is_taken_only_where_it_was_asked_for() {
    let strict = Importing::new(Free, &Ones).unwrap();
    for line in lines() {
        let taken = strict.check(&PasswordHash::from_phc(line.hash)).is_ok();
        assert_eq!(taken, !line.hash.starts_with("{SSHA"), "{}", line.hash);
    }
}
