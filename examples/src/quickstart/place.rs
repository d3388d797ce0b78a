//! Where the portal is kept: opened if it is there, made from the file if it is not, and never
//! left half made.

use super::{Failure, Portal};
use data_encoding::HEXLOWER;
use portcullis::file::PortalFile;
use portcullis::id::{AuditId, Timestamp};
use portcullis::ledger::{Actor, AuditEntry, Ledger, StoreError, StoreExt};
use portcullis::rusqlite::Store;
use portcullis::{OsEntropy, PortalProfile, presets};
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::{fs, process};

/// The portal file a database is made from.
pub(super) struct Origin {
    /// How the file is called.
    name: String,
    file: PortalFile,
    profile: PortalProfile,
    /// SHA-256 of its bytes, kept in the database so that another file is noticed.
    digest: String,
}

/// How the portal came to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    Imported,
    Found,
}

/// By which audit entry a database remembers its file.
const MADE_FROM: &str = "quickstart.made-from";

impl Origin {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let bytes = fs::read(path)
            .map_err(|error| Failure::about(&name, format_args!("cannot be read: {error}")))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::about(&name, "this is no portal file but binary data"))?;
        Self::parse(name, &text)
    }

    pub(super) fn parse(name: String, text: &str) -> Result<Self, Failure> {
        let file = PortalFile::from_json(text).map_err(|error| Failure::about(&name, error))?;
        let profile = presets::named(&file.profile).ok_or_else(|| {
            let what = format!(
                "the portal file at `profile`: `{}` is none of the presets",
                file.profile
            );
            Failure::about(&name, what)
        })?;
        Ok(Self {
            name,
            file,
            profile,
            digest: HEXLOWER.encode(&Sha256::digest(text)),
        })
    }

    /// The portal in `db`, which is made first if it is not there.
    pub(super) fn portal(&self, db: &Path, now: Timestamp) -> Result<(Portal, Arrival), Failure> {
        let arrival = match fs::symlink_metadata(db) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.make(db, now)?;
                Arrival::Imported
            }
            _ => Arrival::Found,
        };
        check_header(db)?;
        let store = Store::open(db)?;
        let about = |error: StoreError| Failure::about(db.display(), error);
        let pending = store.pending().map_err(about)?;
        pending.into_result().map_err(about)?;
        self.check_origin(&store, db)?;
        let portal = Portal::new(store, self.profile.clone())
            .map_err(|error| Failure::about(db.display(), error))?;
        Ok((portal, arrival))
    }

    /// Makes the database beside its place and moves it there whole.
    fn make(&self, db: &Path, now: Timestamp) -> Result<(), Failure> {
        for leftover in ["-wal", "-shm", "-journal"] {
            let leftover = with_tail(db, leftover);
            if leftover.exists() {
                return Err(Failure::about(
                    leftover.display(),
                    "this is left over from a database that is gone; move it away first",
                ));
            }
        }
        let nest = Nest::beside(db)?;
        let draft = nest.0.join("portal.db");
        let store = Store::open(&draft)?;
        store.migrate(now)?;
        let portal = Portal::new(store, self.profile.clone())?;
        portal
            .operator("quickstart", now)
            .import(&self.file)
            .map_err(|error| Failure::about(&self.name, error))?;
        self.sign(&portal, now)?;
        // The last connection moves everything into the one file and removes its companions.
        drop(portal);
        if with_tail(&draft, "-wal").exists() {
            return Err(Failure::about(
                db.display(),
                "this could not be written whole",
            ));
        }
        // Unlike a rename, a link replaces nothing: whoever made the same meanwhile was faster, and
        // it is looked at like any that was found. Not every file system has links.
        match fs::hard_link(&draft, db) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(_) => fs::rename(&draft, db),
        }
        .map_err(|error| Failure::about(db.display(), error))
    }

    fn sign(&self, portal: &Portal, now: Timestamp) -> Result<(), Failure> {
        let entry = AuditEntry {
            id: AuditId::new(now, &OsEntropy)?,
            at: now,
            by: Actor::Operator("quickstart".to_owned()),
            action: MADE_FROM.to_owned(),
            client: None,
            target: "portal".to_owned(),
            detail: self.digest.clone(),
        };
        portal
            .store()
            .write(|tx| tx.record(&entry))
            .map_err(Failure::from)
    }

    fn check_origin(&self, store: &Store, db: &Path) -> Result<(), Failure> {
        let entries = store
            .read(|tx| tx.audit(u32::MAX))
            .map_err(|error: StoreError| Failure::about(db.display(), error))?;
        let made_from = entries.iter().find(|entry| entry.action == MADE_FROM);
        match made_from {
            Some(entry) if entry.detail == self.digest => Ok(()),
            Some(_) => Err(Failure::about(
                db.display(),
                "this was made from another portal file; name another database with --db",
            )),
            None => Err(Failure::about(
                db.display(),
                "this is a portal that this program did not make; name another database with --db",
            )),
        }
    }
}

/// Refuses what is no portal's database by its first bytes, before SQLite touches it: it would
/// turn an empty file into a database.
fn check_header(db: &Path) -> Result<(), Failure> {
    let mut header = Vec::new();
    File::open(db)
        .and_then(|file| file.take(100).read_to_end(&mut header))
        .map_err(|error| Failure::about(db.display(), error))?;
    // SQLite's file format, 1.3: the magic string, and the application id at offset 68.
    let ours = header.starts_with(b"SQLite format 3\0") && header.get(68..72) == Some(b"Port");
    if ours {
        return Ok(());
    }
    Err(Failure::about(
        db.display(),
        "this is no portal's database; name another with --db",
    ))
}

/// A folder of our own beside the database, gone with everything in it when dropped.
struct Nest(PathBuf);

impl Nest {
    fn beside(db: &Path) -> Result<Self, Failure> {
        let name = db
            .file_name()
            .ok_or_else(|| Failure::about(db.display(), "this is no name for a file"))?;
        let mut folder = OsString::from(".");
        folder.push(name);
        folder.push(format!(".{}", process::id()));
        let folder = db.with_file_name(folder);
        fs::create_dir(&folder).map_err(|error| Failure::about(db.display(), error))?;
        Ok(Self(folder))
    }
}

impl Drop for Nest {
    fn drop(&mut self) {
        // Nothing better can be done about what cannot be removed.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn with_tail(path: &Path, tail: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(tail);
    path.into()
}
