mod names;
mod people;
mod things;

use super::keys::Keys;
use super::{DefaultsPart, FileError, PortalFile};
use crate::PortalTx;
use crate::portal::Rules;
use portcullis_access::{Kind, PortalState};
use portcullis_id::{ClientId, ContactId, ContainerId, HostKey, ItemId, RoleId, Timestamp, UserId};
use portcullis_ledger::StoreError;
use portcullis_sharing::DefaultOf;
use std::collections::HashMap;
use std::fmt::Display;

/// Reads one file into one empty portal, inside one unit of work.
pub(super) struct Import<'a> {
    tx: &'a mut dyn PortalTx,
    rules: &'a Rules,
    now: Timestamp,
    roles: HashMap<String, RoleId>,
    clients: Keys<ClientId>,
    contacts: Keys<ContactId>,
    users: Keys<UserId>,
    containers: Keys<ContainerId>,
    items: HashMap<(Kind, HostKey), ItemId>,
}

impl<'a> Import<'a> {
    pub(super) fn new(tx: &'a mut dyn PortalTx, rules: &'a Rules, now: Timestamp) -> Self {
        Self {
            tx,
            rules,
            now,
            roles: HashMap::new(),
            clients: Keys::of("client"),
            contacts: Keys::of("contact"),
            users: Keys::of("user"),
            containers: Keys::of("container"),
            items: HashMap::new(),
        }
    }

    pub(super) fn run(mut self, file: &PortalFile) -> Result<(), FileError> {
        if file.portcullis != PortalFile::VERSION {
            return Err(FileError::at(
                "portcullis",
                format!(
                    "this is version {} of the format and this program reads version {}",
                    file.portcullis,
                    PortalFile::VERSION
                ),
            ));
        }
        if file.profile != self.rules.profile.name {
            return Err(FileError::at(
                "profile",
                format!(
                    "made under the profile `{}` and this portal runs under `{}`; open it with that profile",
                    file.profile, self.rules.profile.name
                ),
            ));
        }
        self.empty()?;
        self.portal(file)?;
        for (n, role) in file.roles.iter().enumerate() {
            self.role(&format!("roles[{n}]"), role)?;
        }
        for (n, client) in file.clients.iter().enumerate() {
            self.client(&format!("clients[{n}]"), client)?;
        }
        for (n, user) in file.users.iter().enumerate() {
            self.user(&format!("users[{n}]"), user)?;
        }
        for (n, client) in file.clients.iter().enumerate() {
            let path = format!("clients[{n}]");
            let owner = Some(self.clients.get(&path, &client.key)?);
            self.containers(&path, "containers", owner, &client.containers)?;
        }
        self.containers("", "unowned", None, &file.unowned)
    }

    fn empty(&mut self) -> Result<(), FileError> {
        let used = !self.tx.users().map_err(whole)?.is_empty()
            || !self.tx.clients().map_err(whole)?.is_empty()
            || self.tx.portal().map_err(whole)?.is_some();
        if used {
            return Err(FileError::at(
                "",
                "a file is imported into an empty portal only, and this one is in use",
            ));
        }
        Ok(())
    }

    fn portal(&mut self, file: &PortalFile) -> Result<(), FileError> {
        let part = &file.portal;
        if part.active && part.first_activated_at.is_none() {
            return Err(FileError::at(
                "portal.first_activated_at",
                "an active portal was activated at some time; say when",
            ));
        }
        self.tx
            .put_portal(&PortalState {
                active: part.active,
                first_activated_at: part.first_activated_at,
                licensed: part.licensed,
            })
            .map_err(whole)?;
        let DefaultsPart { containers, items } = &file.defaults;
        for (kind, default) in containers {
            self.tx
                .put_default(DefaultOf::Containers(*kind), *default)
                .map_err(whole)?;
        }
        for (name, default) in items {
            let kind = self.kind("defaults.items", name)?;
            self.tx
                .put_default(DefaultOf::Items(kind), *default)
                .map_err(whole)?;
        }
        Ok(())
    }
}

fn whole(error: StoreError) -> FileError {
    FileError::because("", error)
}

fn at(path: impl Display, error: StoreError) -> FileError {
    FileError::because(path, error)
}
