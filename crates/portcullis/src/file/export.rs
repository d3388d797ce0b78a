use super::keys::exported;
use super::{
    AccountPart, AffiliationPart, ClientPart, ContactPart, ContainerPart, DefaultsPart, ExpiryPart,
    ItemPart, ItemRef, MemberPart, PasswordPart, PortalFile, PortalPart, RolePart, UserPart,
};
use crate::portal::Rules;
use crate::{Error, PortalTx};
use portcullis_access::{Kind, KindSet, Role};
use portcullis_credentials::CredentialError;
use portcullis_id::{ClientId, ContainerId, HostKey, ItemId, UserId};
use portcullis_sharing::{DefaultOf, Item};
use std::collections::HashMap;

/// Writes a whole portal down, in canonical order.
pub(super) struct Export<'a> {
    tx: &'a mut dyn PortalTx,
    rules: &'a Rules,
    users: HashMap<UserId, HostKey>,
    clients: HashMap<ClientId, HostKey>,
    contacts: HashMap<portcullis_id::ContactId, HostKey>,
    items: HashMap<ContainerId, Vec<ItemPart>>,
}

impl<'a> Export<'a> {
    pub(super) fn new(tx: &'a mut dyn PortalTx, rules: &'a Rules) -> Self {
        Self {
            tx,
            rules,
            users: HashMap::new(),
            clients: HashMap::new(),
            contacts: HashMap::new(),
            items: HashMap::new(),
        }
    }

    pub(super) fn run(mut self) -> Result<PortalFile, Error> {
        let portal = self.tx.portal()?.ok_or_else(|| {
            Error::invalid("this portal was never founded; there is nothing to export")
        })?;
        for client in self.tx.clients()? {
            for contact in self.tx.contacts_of(client.id)? {
                let key = exported(contact.key.as_ref(), contact.id.uuid());
                self.contacts.insert(contact.id, key);
            }
            let key = exported(client.key.as_ref(), client.id.uuid());
            self.clients.insert(client.id, key);
        }
        for user in self.tx.users()? {
            let key = exported(user.key.as_ref(), user.id.uuid());
            self.users.insert(user.id, key);
        }
        self.read_items()?;
        let mut file = PortalFile {
            portcullis: PortalFile::VERSION,
            profile: self.rules.profile.name.clone(),
            portal: PortalPart {
                active: portal.active,
                first_activated_at: portal.first_activated_at,
                licensed: portal.licensed,
            },
            defaults: self.defaults()?,
            roles: self.tx.roles()?.into_iter().map(role).collect(),
            clients: self.all_clients()?,
            unowned: self.containers(None)?,
            users: self.all_users()?,
        };
        file.sort();
        Ok(file)
    }

    fn defaults(&mut self) -> Result<DefaultsPart, Error> {
        let mut part = DefaultsPart::default();
        for (of, default) in self.tx.set_defaults()? {
            match of {
                DefaultOf::Containers(kind) => {
                    part.containers.insert(kind, default);
                }
                DefaultOf::Items(kind) => {
                    part.items.insert(self.kind(kind)?, default);
                }
            }
        }
        Ok(part)
    }

    fn all_clients(&mut self) -> Result<Vec<ClientPart>, Error> {
        let mut parts = Vec::new();
        for client in self.tx.clients()? {
            let contacts = self.tx.contacts_of(client.id)?;
            parts.push(ClientPart {
                key: exported(client.key.as_ref(), client.id.uuid()),
                name: client.name,
                light: client.light,
                closed: self.kinds(client.closed)?,
                main_contact: client
                    .main_contact
                    .and_then(|contact| self.contacts.get(&contact).cloned()),
                created_at: client.created_at,
                contacts: contacts
                    .into_iter()
                    .map(|contact| ContactPart {
                        key: exported(contact.key.as_ref(), contact.id.uuid()),
                        name: contact.name,
                        email: contact.email,
                        phone: contact.phone,
                    })
                    .collect(),
                containers: self.containers(Some(client.id))?,
            });
        }
        Ok(parts)
    }

    fn containers(&mut self, client: Option<ClientId>) -> Result<Vec<ContainerPart>, Error> {
        let mut parts = Vec::new();
        for container in self.tx.containers_of(client)? {
            let members = self
                .tx
                .members_of(container.id)?
                .into_iter()
                .map(|membership| MemberPart {
                    user: self.user(membership.user),
                    source: membership.source,
                    until: membership.grant.until,
                    approver: membership.grant.approver,
                    since: membership.since,
                })
                .collect();
            parts.push(ContainerPart {
                kind: container.kind,
                key: exported(container.key.as_ref(), container.id.uuid()),
                name: container.name,
                exposure: container.exposure,
                default: container.default,
                lifecycle: container.lifecycle,
                closed: self.kinds(container.closed)?,
                created_at: container.created_at,
                members,
                items: self.items.remove(&container.id).unwrap_or_default(),
            });
        }
        Ok(parts)
    }

    fn read_items(&mut self) -> Result<(), Error> {
        let mut all: HashMap<ItemId, Item> = HashMap::new();
        let mut after = None;
        loop {
            let items = self.tx.items_after(after, 1_000)?;
            let Some(last) = items.last() else { break };
            after = Some(last.id);
            all.extend(items.into_iter().map(|item| (item.id, item)));
        }
        for item in all.values() {
            let parent = match item.parent.and_then(|parent| all.get(&parent)) {
                None => None,
                Some(parent) => Some(ItemRef {
                    kind: self.kind(parent.kind)?,
                    key: parent.key.clone(),
                }),
            };
            let sent_to = self.tx.distribution_of(item.id)?;
            let part = ItemPart {
                kind: self.kind(item.kind)?,
                key: item.key.clone(),
                parent,
                exposure: item.exposure,
                default: item.default,
                older: item.older,
                lifecycle: item.lifecycle,
                author: item.author.map(|author| self.user(author)),
                created_at: item.created_at,
                sort: (item.sort != item.created_at.millis()).then_some(item.sort),
                sent_to: sent_to.into_iter().map(|user| self.user(user)).collect(),
            };
            self.items.entry(item.container).or_default().push(part);
        }
        Ok(())
    }

    fn all_users(&mut self) -> Result<Vec<UserPart>, Error> {
        let mut parts = Vec::new();
        for user in self.tx.users()? {
            let mut affiliations = Vec::new();
            for affiliation in self.tx.affiliations_of(user.id)? {
                let roles = self.tx.roles_of(user.id, Some(affiliation.client))?;
                affiliations.push(AffiliationPart {
                    client: self.client(affiliation.client),
                    rights: affiliation.rights,
                    roles: roles.into_iter().map(|role| role.name).collect(),
                    paused: affiliation.paused,
                    until: affiliation.until,
                });
            }
            let roles = self.tx.roles_of(user.id, None)?;
            parts.push(UserPart {
                key: exported(user.key.as_ref(), user.id.uuid()),
                kind: user.kind,
                name: user.name,
                email: user.email,
                contact: user
                    .contact
                    .and_then(|contact| self.contacts.get(&contact).cloned()),
                every_client: user.every_client,
                reach: user.reach,
                rights: user.rights,
                roles: roles.into_iter().map(|role| role.name).collect(),
                removed: user.removed,
                created_at: user.created_at,
                affiliations,
                account: self.account(user.id)?,
            });
        }
        Ok(parts)
    }

    fn account(&mut self, user: UserId) -> Result<Option<AccountPart>, Error> {
        let Some(account) = self.tx.account(user)? else {
            return Ok(None);
        };
        let factor = self.tx.factor(user)?;
        Ok(Some(AccountPart {
            login: account.name.shown().to_owned(),
            password: match account.password {
                None if account.directory => PasswordPart::InDirectory,
                None => PasswordPart::ToBeSet,
                Some(stored) => {
                    let hash = self.rules.credentials.open_hash(user, &stored);
                    PasswordPart::Hash(hash.map_err(CredentialError::from)?.expose().to_owned())
                }
            },
            change_due: account.change_due,
            second_factor: factor.is_some_and(|one| one.enforced || one.secret.is_some()),
            suspended_at: account.suspended_at,
            disabled_at: account.disabled_at,
            expiry: account.expiry.map(|expiry| ExpiryPart {
                days: expiry.days,
                at: expiry.at,
            }),
            locked_until: account.tries.locked_until,
            created_at: account.created_at,
        }))
    }

    fn user(&self, id: UserId) -> HostKey {
        self.users
            .get(&id)
            .cloned()
            .unwrap_or_else(|| exported(None, id.uuid()))
    }

    fn client(&self, id: ClientId) -> HostKey {
        self.clients
            .get(&id)
            .cloned()
            .unwrap_or_else(|| exported(None, id.uuid()))
    }

    fn kind(&self, kind: Kind) -> Result<String, Error> {
        let entry = self.rules.access.catalogue().kind(kind).ok_or_else(|| {
            Error::invalid(format!(
                "kind number {} is not registered; register it before exporting",
                kind.number()
            ))
        })?;
        Ok(entry.name.clone())
    }

    /// The names of closed areas. Areas of kinds nobody registered stay closed by themselves and
    /// have no name to be written under.
    fn kinds(&self, kinds: KindSet) -> Result<Vec<String>, Error> {
        let known = self.rules.access.catalogue().known();
        kinds
            .intersection(known)
            .iter()
            .map(|kind| self.kind(kind))
            .collect()
    }
}

fn role(role: Role) -> RolePart {
    RolePart {
        name: role.name,
        rights: role.rights,
    }
}
