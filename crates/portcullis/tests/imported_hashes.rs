//! Accounts from another program come in with a portal file, with the passwords they have.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis::credentials::{
    Accounts, Argon2id, Cause, Importing, KeyRing, PasswordHash, SecretString, SignIn, Source,
};
use portcullis::file::PortalFile;
use portcullis::id::Timestamp;
use portcullis::ledger::StoreExt;
use portcullis::{ErrorKind, OsEntropy, Portal, PortalBuilder, presets};
use portcullis_memory::Store;
use std::sync::Arc;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const PASSWORD: &str = "correct horse battery staple";
/// Made by Django 5.2, see the sample hashes of `portcullis-credentials`.
const DJANGO: &str =
    "pbkdf2_sha256$1500$Salt0123456789ABCDEFGH$lNPNg4O2bC3IuwjFkqlM0KB+lAasNCGodICotk8AV7A=";

fn file(hash: &str) -> PortalFile {
    let text = r#"{"portcullis":1,"profile":"safe","portal":{"active":true,"first_activated_at":1,"licensed":["root"]},
        "users":[{"key":"tom","kind":"staff","name":"Thomas","every_client":true,"created_at":1,
        "account":{"login":"tom","password":{"hash":"HASH"},"created_at":1}}]}"#;
    PortalFile::from_json(&text.replace("HASH", hash)).unwrap()
}

fn importing() -> Portal<Store> {
    let kdf = Importing::new(Argon2id::default(), &OsEntropy).unwrap();
    PortalBuilder::new(presets::safe())
        .kdf(Arc::new(kdf))
        .open(Store::new())
        .unwrap()
}

fn sign_in(portal: &Portal<Store>, password: &str) -> SignIn {
    let (password, from) = (SecretString::from(password), Source::new("10.0.0.1"));
    portal.sign_in("tom", &password, &from, NOW).unwrap()
}

#[test]
fn bug31_a_hash_from_django_signs_in_and_leaves_as_argon2id() {
    let portal = importing();
    let operator = portal.operator("setup", NOW);
    operator.import(&file(DJANGO)).unwrap();
    assert_eq!(operator.export().unwrap(), file(DJANGO), "kept as it came");
    match sign_in(&portal, "Correct horse battery staple") {
        SignIn::Refused(refusal) => assert_eq!(refusal.cause(), Cause::WrongPassword),
        other => panic!("{other:?}"),
    }
    assert_eq!(operator.export().unwrap(), file(DJANGO));
    let session = match sign_in(&portal, PASSWORD) {
        SignIn::Done(proof) => portal.start_session(proof, NOW).unwrap(),
        other => panic!("{other:?}"),
    };
    let text = operator.export().unwrap().to_json().unwrap();
    assert!(text.contains("$argon2id$v=19$m=19456,t=2,p=1$") && !text.contains("pbkdf2"));
    assert!(matches!(sign_in(&portal, PASSWORD), SignIn::Done(_)));
    drop(session);
}

#[test]
fn bug29_bug30_a_hash_that_will_not_do_names_its_place_in_the_file() {
    let costly = DJANGO.replace("$1500$", "$4000000000$");
    let cut = DJANGO.replace("AV7A=", "");
    let fast = "{SSHA}o7B+j1mFfbmEwTcG4Xb9GJL9mOYAAQIDBAUGBw==";
    for hash in [costly.as_str(), &cut, fast, "", PASSWORD] {
        let error = importing().operator("setup", NOW).import(&file(hash));
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{hash}");
        let told = format!("{error} {error:?}");
        assert!(told.contains("users[0].account.password"), "{told}");
        assert!(hash.is_empty() || !told.contains(hash), "{told}");
    }
    // Without the foreign formats, none is taken.
    let plain = Portal::new(Store::new(), presets::safe()).unwrap();
    assert!(plain.operator("setup", NOW).import(&file(DJANGO)).is_err());
}

#[test]
fn k06_a_file_holds_sealed_hashes_opened() {
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let kdf = Importing::new(Argon2id::default(), &OsEntropy).unwrap();
    let mut profile = presets::safe();
    profile.credentials.seal_hashes = true;
    let portal = PortalBuilder::new(profile)
        .kdf(Arc::new(kdf))
        .key_ring(Arc::new(KeyRing::new("first", &key).unwrap()))
        .open(Store::new())
        .unwrap();
    let operator = portal.operator("setup", NOW);
    operator.import(&file(DJANGO)).unwrap();
    let kept = |portal: &Portal<Store>| {
        let read = portal.store().read(|tx| tx.hashes_after(None, 9));
        read.unwrap()
    };
    let (tom, sealed) = kept(&portal).remove(0);
    assert!(sealed.expose().starts_with("x1$first$"));
    assert_eq!(operator.export().unwrap(), file(DJANGO));
    // One that does not open is never left out, or written down as it lies.
    let broken = PasswordHash::from_phc(sealed.expose().replace("x1$first$", "x1$lost$"));
    let put = portal
        .store()
        .write(|tx| tx.replace_hash(tom, &sealed, &broken));
    assert!(put.unwrap());
    let error = operator.export().unwrap_err();
    assert!(format!("{error} {error:?}").contains("lost"), "{error:?}");
}
