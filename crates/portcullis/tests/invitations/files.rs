//! What is kept of a password that is mailed: nothing that can be read without the ring.

use crate::world::{NOW, mailing, over};
use portcullis::credentials::{Enclosed, InvitationTrigger, PasswordSetBy};
use portcullis::desk::FirstLogin;
use portcullis_rusqlite::Store;
use secrecy::ExposeSecret;
use std::path::Path;
use tempfile::TempDir;

#[test]
fn choice15_no_database_audit_export_or_debug_holds_a_mailed_password() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("portal.db");
    let store = Store::open(&path).expect("a new file");
    store.migrate(NOW).expect("a new file");
    let profile = mailing(InvitationTrigger::OnCreate, PasswordSetBy::Generated);
    let world = over(store, profile);
    let bob = world.bob(&world.desk(), FirstLogin::Invited);
    let waiting = world.waiting();
    let sealed = waiting[0]
        .sealed
        .as_ref()
        .expect("sealed")
        .text()
        .to_owned();
    let export = world.desk().export().expect("no fault");
    let mut kept = bytes(folder.path());
    let audit = world.desk().audit(999).expect("may");
    kept.extend(format!("{waiting:?}{audit:?}{export:?}").into_bytes());
    let export = export.to_json().expect("no fault");
    assert!(holds(&kept, sealed.as_bytes()), "it waits in the database");
    assert!(!export.contains(&sealed) && !format!("{waiting:?}").contains(&sealed));
    kept.extend(export.into_bytes());
    let letter = world.letter();
    let Enclosed::Password(password) = &letter.enclosed else {
        panic!("no password");
    };
    kept.extend(format!("{letter:?}").into_bytes());
    kept.extend(bytes(folder.path()));
    assert!(!holds(&kept, password.expose_secret().as_bytes()));
    assert_eq!(world.follow(&letter).user(), bob);
}

fn bytes(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let paths = files.map(|file| file.expect("a file").path());
    paths
        .flat_map(|path| std::fs::read(path).expect("readable"))
        .collect()
}

fn holds(kept: &[u8], secret: &[u8]) -> bool {
    kept.windows(secret.len()).any(|window| window == secret)
}
