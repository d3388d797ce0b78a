use super::Import;
use crate::file::FileError;
use portcullis_access::{Catalogue, Keyed, Kind, KindSet, checked_name};
use portcullis_id::{HostKey, RoleId};

/// Names and keys in the file, held against the catalogue.
impl Import<'_> {
    pub(super) fn catalogue(&self) -> &Catalogue {
        self.rules.access.catalogue()
    }

    pub(super) fn kind(&self, path: &str, name: &str) -> Result<Kind, FileError> {
        match self.catalogue().kind_named(name) {
            Some(entry) => Ok(entry.kind),
            None => Err(FileError::at(
                path,
                format!("`{name}` is no registered kind; register it or correct the name"),
            )),
        }
    }

    pub(super) fn kinds(&self, path: &str, names: &[String]) -> Result<KindSet, FileError> {
        names.iter().try_fold(KindSet::NONE, |set, name| {
            Ok(set.with(self.kind(path, name)?))
        })
    }

    pub(super) fn rights(&self, path: &str, names: &[String]) -> Result<(), FileError> {
        let resolved = self.catalogue().resolve(names.iter().map(String::as_str));
        match resolved.unknown.first() {
            None => Ok(()),
            Some(name) => Err(FileError::at(
                path,
                format!("`{name}` is no registered right; register it or correct the name"),
            )),
        }
    }

    pub(super) fn role_ids(&self, path: &str, names: &[String]) -> Result<Vec<RoleId>, FileError> {
        names
            .iter()
            .map(|name| {
                self.roles.get(name).copied().ok_or_else(|| {
                    FileError::at(path, format!("there is no role `{name}` in this file"))
                })
            })
            .collect()
    }

    pub(super) fn checked(
        &self,
        path: &str,
        what: Keyed,
        key: Option<HostKey>,
    ) -> Result<Option<HostKey>, FileError> {
        key.map(|key| self.catalogue().check_key(what, key))
            .transpose()
            .map_err(|error| FileError::because(path, error))
    }
}

/// A name as the commands take it.
pub(super) fn named(path: &str, name: &str) -> Result<String, FileError> {
    match checked_name(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(error) => Err(FileError::at(path, error.to_string())),
    }
}
