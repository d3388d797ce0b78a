use super::keys::Keys;
use super::{
    AccountPart, ClientPart, ContactPart, ContainerPart, DefaultsPart, FileError, ItemPart,
    PasswordPart, PortalFile, UserPart,
};
use crate::PortalTx;
use crate::portal::Rules;
use portcullis_access::{
    Affiliation, Catalogue, Client, ClientsPerUser, Contact, ContainerKind, Grant, Keyed, Kind,
    KindSet, PortalState, Role, User, UserKind,
};
use portcullis_credentials::{Account, Expiry, LoginName, PasswordHash, Tries};
use portcullis_id::{
    ClientId, ContactId, ContainerId, Epoch, HostKey, ItemId, RoleId, Timestamp, UserId,
};
use portcullis_sharing::{Container, DefaultOf, Item, Membership, restore};
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
    containers: HashMap<ContainerKind, Keys<ContainerId>>,
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
            containers: HashMap::new(),
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

    fn role(&mut self, path: &str, part: &super::RolePart) -> Result<(), FileError> {
        self.rights(&format!("{path}.rights"), &part.rights)?;
        if self.roles.contains_key(&part.name) {
            return Err(FileError::at(
                format!("{path}.name"),
                format!("another role is called `{}` already", part.name),
            ));
        }
        let id = RoleId::new(self.now, &*self.rules.entropy)
            .map_err(|error| FileError::because(path, error))?;
        let role = Role {
            id,
            name: part.name.clone(),
            rights: part.rights.clone(),
        };
        self.tx.put_role(&role).map_err(|error| at(path, error))?;
        self.roles.insert(part.name.clone(), id);
        Ok(())
    }

    fn client(&mut self, path: &str, part: &ClientPart) -> Result<(), FileError> {
        let entropy = &*self.rules.entropy;
        let (id, key) = self.clients.add(
            format!("{path}.key"),
            &part.key,
            self.now,
            entropy,
            ClientId::new,
            ClientId::from_uuid,
        )?;
        let key = self.checked(&format!("{path}.key"), Keyed::Clients, key)?;
        let mut client = Client {
            id,
            key,
            name: part.name.clone(),
            light: part.light,
            closed: self.kinds(&format!("{path}.closed"), &part.closed)?,
            main_contact: None,
            created_at: part.created_at,
        };
        self.tx
            .put_client(&client)
            .map_err(|error| at(path, error))?;
        for (n, contact) in part.contacts.iter().enumerate() {
            self.contact(&format!("{path}.contacts[{n}]"), id, contact)?;
        }
        if let Some(main) = &part.main_contact {
            let path = format!("{path}.main_contact");
            if !part.contacts.iter().any(|contact| contact.key == *main) {
                return Err(FileError::at(
                    path,
                    "the main contact is none of its contacts",
                ));
            }
            client.main_contact = Some(self.contacts.get(&path, main)?);
            self.tx
                .put_client(&client)
                .map_err(|error| at(&path, error))?;
        }
        Ok(())
    }

    fn contact(
        &mut self,
        path: &str,
        client: ClientId,
        part: &ContactPart,
    ) -> Result<(), FileError> {
        let (id, key) = self.contacts.add(
            format!("{path}.key"),
            &part.key,
            self.now,
            &*self.rules.entropy,
            ContactId::new,
            ContactId::from_uuid,
        )?;
        let key = self.checked(&format!("{path}.key"), Keyed::Contacts, key)?;
        let contact = Contact {
            id,
            client,
            key,
            name: part.name.clone(),
            email: part.email.clone(),
            phone: part.phone.clone(),
        };
        self.tx
            .put_contact(&contact)
            .map_err(|error| at(path, error))
    }

    fn user(&mut self, path: &str, part: &UserPart) -> Result<(), FileError> {
        let (id, key) = self.users.add(
            format!("{path}.key"),
            &part.key,
            self.now,
            &*self.rules.entropy,
            UserId::new,
            UserId::from_uuid,
        )?;
        let key = self.checked(&format!("{path}.key"), Keyed::Users, key)?;
        self.rights(&format!("{path}.rights"), &part.rights)?;
        let staff = part.kind == UserKind::Staff;
        if part.every_client && !staff {
            return Err(FileError::at(
                format!("{path}.every_client"),
                "only staff reach every client",
            ));
        }
        if !staff
            && part.affiliations.len() > 1
            && self.rules.profile.access.clients_per_user == ClientsPerUser::One
        {
            return Err(FileError::at(
                format!("{path}.affiliations"),
                "under this profile a user belongs to one client",
            ));
        }
        let contact = match &part.contact {
            None => None,
            Some(key) => Some(self.contacts.get(format!("{path}.contact"), key)?),
        };
        let user = User {
            id,
            key,
            kind: part.kind,
            name: part.name.clone(),
            email: part.email.clone(),
            contact,
            every_client: part.every_client,
            reach: part.reach,
            rights: part.rights.clone(),
            removed: part.removed,
            created_at: part.created_at,
        };
        self.tx.put_user(&user).map_err(|error| at(path, error))?;
        let roles = self.role_ids(&format!("{path}.roles"), &part.roles)?;
        self.tx
            .set_roles_of(id, None, &roles)
            .map_err(|error| at(path, error))?;
        for (n, affiliation) in part.affiliations.iter().enumerate() {
            self.affiliation(&format!("{path}.affiliations[{n}]"), id, affiliation)?;
        }
        match &part.account {
            None => Ok(()),
            Some(account) => self.account(&format!("{path}.account"), id, account),
        }
    }

    fn affiliation(
        &mut self,
        path: &str,
        user: UserId,
        part: &super::AffiliationPart,
    ) -> Result<(), FileError> {
        let client = self.clients.get(format!("{path}.client"), &part.client)?;
        self.rights(&format!("{path}.rights"), &part.rights)?;
        let known = self
            .tx
            .affiliation(user, client)
            .map_err(|error| at(path, error))?;
        if known.is_some() {
            return Err(FileError::at(
                path,
                "the user is affiliated with this client twice",
            ));
        }
        self.tx
            .put_affiliation(&Affiliation {
                user,
                client,
                rights: part.rights.clone(),
                paused: part.paused,
                until: part.until,
            })
            .map_err(|error| at(path, error))?;
        let roles = self.role_ids(&format!("{path}.roles"), &part.roles)?;
        self.tx
            .set_roles_of(user, Some(client), &roles)
            .map_err(|error| at(path, error))
    }

    fn account(&mut self, path: &str, user: UserId, part: &AccountPart) -> Result<(), FileError> {
        let name = LoginName::parse(&part.login)
            .map_err(|flaw| FileError::at(format!("{path}.login"), flaw.to_string()))?;
        let password = match &part.password {
            PasswordPart::ToBeSet => None,
            PasswordPart::Hash(text) => {
                let hash = PasswordHash::from_phc(text.clone());
                self.rules
                    .kdf
                    .check(&hash)
                    .map_err(|error| FileError::because(format!("{path}.password"), error))?;
                Some(hash)
            }
        };
        let account = Account {
            user,
            name,
            password,
            change_due: part.change_due,
            suspended_at: part.suspended_at,
            disabled_at: part.disabled_at,
            expiry: part.expiry.map(|expiry| Expiry {
                days: expiry.days,
                at: expiry.at,
            }),
            epoch: Epoch::FIRST,
            tries: Tries {
                locked_until: part.locked_until,
                ..Tries::default()
            },
            created_at: part.created_at,
        };
        if self
            .tx
            .add_account(&account)
            .map_err(|error| at(path, error))?
        {
            Ok(())
        } else {
            Err(FileError::at(
                format!("{path}.login"),
                format!("the user name `{}` is taken in some spelling", part.login),
            ))
        }
    }

    fn containers(
        &mut self,
        path: &str,
        field: &str,
        client: Option<ClientId>,
        parts: &[ContainerPart],
    ) -> Result<(), FileError> {
        let dot = if path.is_empty() { "" } else { "." };
        let mut roots = 0;
        for (n, part) in parts.iter().enumerate() {
            let path = format!("{path}{dot}{field}[{n}]");
            roots += usize::from(part.kind == ContainerKind::Root);
            if roots > 1 {
                return Err(FileError::at(path, "a client has one root"));
            }
            self.container(&path, client, part)?;
        }
        Ok(())
    }

    fn container(
        &mut self,
        path: &str,
        client: Option<ClientId>,
        part: &ContainerPart,
    ) -> Result<(), FileError> {
        let keys = self
            .containers
            .entry(part.kind)
            .or_insert_with(|| Keys::of(part.kind.name()));
        let (id, key) = keys.add(
            format!("{path}.key"),
            &part.key,
            self.now,
            &*self.rules.entropy,
            ContainerId::new,
            ContainerId::from_uuid,
        )?;
        let mut container = Container {
            id,
            kind: part.kind,
            key: self.checked(&format!("{path}.key"), Keyed::Containers(part.kind), key)?,
            client,
            name: part.name.clone(),
            exposure: part.exposure,
            default: part.default,
            lifecycle: part.lifecycle,
            closed: self.kinds(&format!("{path}.closed"), &part.closed)?,
            created_at: part.created_at,
            open: false,
        };
        container.open = container.derived_open();
        self.tx
            .put_container(&container)
            .map_err(|error| at(path, error))?;
        for (n, member) in part.members.iter().enumerate() {
            let path = format!("{path}.members[{n}]");
            let membership = Membership {
                user: self.users.get(format!("{path}.user"), &member.user)?,
                container: id,
                source: member.source,
                grant: Grant {
                    until: member.until,
                    approver: member.approver,
                },
                since: member.since,
            };
            self.tx
                .put_membership(&membership)
                .map_err(|error| at(&path, error))?;
        }
        for (n, item) in part.items.iter().enumerate() {
            self.item(&format!("{path}.items[{n}]"), &container, item)?;
        }
        Ok(())
    }

    fn item(
        &mut self,
        path: &str,
        container: &Container,
        part: &ItemPart,
    ) -> Result<(), FileError> {
        let kind = self.kind(&format!("{path}.kind"), &part.kind)?;
        let key = self
            .catalogue()
            .check_item_key(kind, part.key.clone())
            .map_err(|error| FileError::because(format!("{path}.key"), error))?;
        let parent = match &part.parent {
            None => None,
            Some(parent) => {
                let path = format!("{path}.parent");
                let kind = self.kind(&path, &parent.kind)?;
                let known = self.items.get(&(kind, parent.key.clone())).copied();
                Some(known.ok_or_else(|| {
                    FileError::at(
                        &path,
                        format!(
                            "no {} `{}` stands before it in this file",
                            parent.kind, parent.key
                        ),
                    )
                })?)
            }
        };
        let author = match &part.author {
            None => None,
            Some(author) => Some(self.users.get(format!("{path}.author"), author)?),
        };
        let id = ItemId::new(part.created_at, &*self.rules.entropy)
            .map_err(|error| FileError::because(path, error))?;
        if self.items.insert((kind, key.clone()), id).is_some() {
            return Err(FileError::at(
                format!("{path}.key"),
                format!("another {} has the key `{key}` already", part.kind),
            ));
        }
        let item = Item {
            id,
            kind,
            key,
            container: container.id,
            client: container.client,
            parent,
            path: KindSet::NONE,
            exposure: part.exposure,
            default: part.default,
            older: part.older,
            lifecycle: part.lifecycle,
            author,
            created_at: part.created_at,
            open: false,
        };
        restore(self.tx, self.rules.access.catalogue(), item)
            .map_err(|error| FileError::because(path, error))?;
        for (n, user) in part.sent_to.iter().enumerate() {
            let path = format!("{path}.sent_to[{n}]");
            let user = self.users.get(&path, user)?;
            self.tx
                .set_distributed(id, user, true)
                .map_err(|error| at(&path, error))?;
        }
        Ok(())
    }

    fn catalogue(&self) -> &Catalogue {
        self.rules.access.catalogue()
    }

    fn kind(&self, path: &str, name: &str) -> Result<Kind, FileError> {
        match self.catalogue().kind_named(name) {
            Some(entry) => Ok(entry.kind),
            None => Err(FileError::at(
                path,
                format!("`{name}` is no registered kind; register it or correct the name"),
            )),
        }
    }

    fn kinds(&self, path: &str, names: &[String]) -> Result<KindSet, FileError> {
        names.iter().try_fold(KindSet::NONE, |set, name| {
            Ok(set.with(self.kind(path, name)?))
        })
    }

    fn rights(&self, path: &str, names: &[String]) -> Result<(), FileError> {
        let resolved = self.catalogue().resolve(names.iter().map(String::as_str));
        match resolved.unknown.first() {
            None => Ok(()),
            Some(name) => Err(FileError::at(
                path,
                format!("`{name}` is no registered right; register it or correct the name"),
            )),
        }
    }

    fn role_ids(&self, path: &str, names: &[String]) -> Result<Vec<RoleId>, FileError> {
        names
            .iter()
            .map(|name| {
                self.roles.get(name).copied().ok_or_else(|| {
                    FileError::at(path, format!("there is no role `{name}` in this file"))
                })
            })
            .collect()
    }

    fn checked(
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

fn whole(error: portcullis_ledger::StoreError) -> FileError {
    FileError::because("", error)
}

fn at(path: impl Display, error: portcullis_ledger::StoreError) -> FileError {
    FileError::because(path, error)
}
