use super::FileError;
use portcullis_id::{Entropy, EntropyError, HostKey, Timestamp};
use std::collections::HashMap;
use std::fmt::Display;
use uuid::Uuid;

/// The prefix by which a file names what the host gave no key: by our own id.
const OWN: &str = "id:";

/// The key under which a file names something.
pub(super) fn exported(key: Option<&HostKey>, id: Uuid) -> HostKey {
    key.cloned()
        .unwrap_or_else(|| HostKey::Text(format!("{OWN}{id}")))
}

/// One noun's keys while a file is read: what each key stands for.
#[derive(Debug)]
pub(super) struct Keys<I> {
    noun: &'static str,
    known: HashMap<HostKey, I>,
}

impl<I: Copy> Keys<I> {
    pub(super) fn of(noun: &'static str) -> Self {
        Self {
            noun,
            known: HashMap::new(),
        }
    }

    /// Takes up a new key: the id to store under, and the key to store with it, if it is the
    /// host's. `make` turns a UUID into the id.
    pub(super) fn add(
        &mut self,
        path: impl Display,
        key: &HostKey,
        now: Timestamp,
        entropy: &dyn Entropy,
        fresh: impl FnOnce(Timestamp, &dyn Entropy) -> Result<I, EntropyError>,
        stored: impl FnOnce(Uuid) -> I,
    ) -> Result<(I, Option<HostKey>), FileError> {
        if self.known.contains_key(key) {
            return Err(FileError::at(
                path,
                format!("another {} has the key `{key}` already", self.noun),
            ));
        }
        let own = match key {
            HostKey::Text(text) => text.strip_prefix(OWN),
            _ => None,
        };
        let (id, host) = match own {
            None => {
                let id = fresh(now, entropy).map_err(|error| FileError::because(&path, error))?;
                (id, Some(key.clone()))
            }
            Some(uuid) => {
                let uuid = uuid.parse().map_err(|_| {
                    FileError::at(&path, format!("`{key}` is no id; write `id:` and a UUID"))
                })?;
                (stored(uuid), None)
            }
        };
        self.known.insert(key.clone(), id);
        Ok((id, host))
    }

    /// What a key stands for.
    pub(super) fn get(&self, path: impl Display, key: &HostKey) -> Result<I, FileError> {
        self.known.get(key).copied().ok_or_else(|| {
            FileError::at(
                path,
                format!(
                    "there is no {} with the key `{key}` in this file",
                    self.noun
                ),
            )
        })
    }
}
