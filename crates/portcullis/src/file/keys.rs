use super::FileError;
use portcullis_id::{EntropyError, HostKey};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Display;
use uuid::Uuid;

/// The key under which a file names something.
pub(super) fn exported(key: Option<&HostKey>, id: Uuid) -> HostKey {
    key.cloned().unwrap_or_else(|| own(id))
}

/// How a file names what the host gave no key: by our own id, always written the same.
fn own(id: Uuid) -> HostKey {
    HostKey::Text(format!("{}{id}", HostKey::RESERVED))
}

/// One noun's keys while a file is read: what each key stands for.
#[derive(Debug)]
pub(super) struct Keys<I> {
    noun: &'static str,
    /// Host keys are told apart by kind; our own ids are those of the noun, whatever the kind.
    known: HashMap<(&'static str, HostKey), I>,
}

impl<I: Copy> Keys<I> {
    pub(super) fn of(noun: &'static str) -> Self {
        Self {
            noun,
            known: HashMap::new(),
        }
    }

    /// Takes up a new key of a noun without kinds; as [`Keys::add_kind`].
    pub(super) fn add(
        &mut self,
        path: impl Display,
        key: &HostKey,
        fresh: impl FnOnce() -> Result<I, EntropyError>,
        stored: impl FnOnce(Uuid) -> I,
    ) -> Result<(I, Option<HostKey>), FileError> {
        self.add_kind(path, self.noun, key, fresh, stored)
    }

    /// Takes up a new key of a kind: the id to store under, `fresh` or the one `stored` makes of
    /// the UUID in the key, and the key to store with it, if it is the host's.
    pub(super) fn add_kind(
        &mut self,
        path: impl Display,
        kind: &'static str,
        key: &HostKey,
        fresh: impl FnOnce() -> Result<I, EntropyError>,
        stored: impl FnOnce(Uuid) -> I,
    ) -> Result<(I, Option<HostKey>), FileError> {
        let (noun, known, id) = match written(&path, key)? {
            None => (kind, key.clone(), None),
            Some(uuid) => (self.noun, own(uuid), Some(stored(uuid))),
        };
        let host = id.is_none().then(|| key.clone());
        let Entry::Vacant(place) = self.known.entry((noun, known)) else {
            return Err(FileError::at(
                path,
                format!("another {noun} has the key `{key}` already"),
            ));
        };
        let id = match id {
            Some(id) => id,
            None => fresh().map_err(|error| FileError::because(&path, error))?,
        };
        place.insert(id);
        Ok((id, host))
    }

    /// What a key of a noun without kinds stands for.
    pub(super) fn get(&self, path: impl Display, key: &HostKey) -> Result<I, FileError> {
        let known = written(&path, key)?.map_or_else(|| key.clone(), own);
        self.known.get(&(self.noun, known)).copied().ok_or_else(|| {
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

/// The UUID in a key that is no host's but our own id.
fn written(path: impl Display, key: &HostKey) -> Result<Option<Uuid>, FileError> {
    let HostKey::Text(text) = key else {
        return Ok(None);
    };
    text.strip_prefix(HostKey::RESERVED)
        .map(|uuid| {
            uuid.parse().map_err(|_| {
                FileError::at(path, format!("`{key}` is no id; write `id:` and a UUID"))
            })
        })
        .transpose()
}
