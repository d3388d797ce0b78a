use super::names::named;
use super::{Import, at};
use crate::file::{
    AccountPart, AffiliationPart, ClientPart, ContactPart, FileError, PasswordPart, RolePart,
    UserPart,
};
use portcullis_access::{
    Affiliation, Client, ClientsPerUser, Contact, Keyed, Role, User, UserKind,
};
use portcullis_credentials::{Account, Expiry, LoginName, PasswordHash, Tries};
use portcullis_id::{ClientId, ContactId, Epoch, RoleId, UserId};

/// Roles, clients, contacts, users and their accounts.
impl Import<'_> {
    pub(super) fn role(&mut self, path: &str, part: &RolePart) -> Result<(), FileError> {
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
            name: named(&format!("{path}.name"), &part.name)?,
            rights: part.rights.clone(),
        };
        self.tx.put_role(&role).map_err(|error| at(path, error))?;
        self.roles.insert(part.name.clone(), id);
        Ok(())
    }

    pub(super) fn client(&mut self, path: &str, part: &ClientPart) -> Result<(), FileError> {
        let (id, key) = self.clients.add(
            format!("{path}.key"),
            &part.key,
            || ClientId::new(self.now, &*self.rules.entropy),
            ClientId::from_uuid,
        )?;
        let key = self.checked(&format!("{path}.key"), Keyed::Clients, key)?;
        let mut client = Client {
            id,
            key,
            name: named(&format!("{path}.name"), &part.name)?,
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
            || ContactId::new(self.now, &*self.rules.entropy),
            ContactId::from_uuid,
        )?;
        let key = self.checked(&format!("{path}.key"), Keyed::Contacts, key)?;
        let contact = Contact {
            id,
            client,
            key,
            name: named(&format!("{path}.name"), &part.name)?,
            email: part.email.clone(),
            phone: part.phone.clone(),
        };
        self.tx
            .put_contact(&contact)
            .map_err(|error| at(path, error))
    }

    pub(super) fn user(&mut self, path: &str, part: &UserPart) -> Result<(), FileError> {
        let (id, key) = self.users.add(
            format!("{path}.key"),
            &part.key,
            || UserId::new(self.now, &*self.rules.entropy),
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
            Some(key) => {
                let path = format!("{path}.contact");
                let contact = self.contacts.get(&path, key)?;
                let taken = self.tx.user_of_contact(contact);
                if !part.removed && taken.map_err(|error| at(&path, error))?.is_some() {
                    return Err(FileError::at(path, "this contact has a login already"));
                }
                Some(contact)
            }
        };
        let user = User {
            id,
            key,
            kind: part.kind,
            name: named(&format!("{path}.name"), &part.name)?,
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
            Some(_) if part.removed => Err(FileError::at(
                format!("{path}.account"),
                "whoever was removed has no account; leave it out",
            )),
            Some(account) => self.account(&format!("{path}.account"), id, account),
        }
    }

    fn affiliation(
        &mut self,
        path: &str,
        user: UserId,
        part: &AffiliationPart,
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
            PasswordPart::ToBeSet | PasswordPart::InDirectory => None,
            PasswordPart::Hash(text) => {
                let hash = PasswordHash::from_phc(text.clone());
                self.rules
                    .kdf
                    .check(&hash)
                    .map_err(|error| FileError::because(format!("{path}.password"), error))?;
                let kept = self.rules.credentials.seal_hash(user, &hash);
                Some(kept.map_err(|error| FileError::because(format!("{path}.password"), error))?)
            }
        };
        if part.change_due && part.password == PasswordPart::InDirectory {
            return Err(FileError::at(
                format!("{path}.change_due"),
                "there is no password here that could be changed; leave it out",
            ));
        }
        if part.second_factor && !self.rules.credentials.has_key_ring() {
            return Err(FileError::at(
                format!("{path}.second_factor"),
                "there is no key ring to keep its secret under; give the portal one first",
            ));
        }
        let account = Account {
            user,
            name,
            password,
            directory: part.password == PasswordPart::InDirectory,
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
        let added = self.tx.add_account(&account);
        if !added.map_err(|error| at(path, error))? {
            return Err(FileError::at(
                format!("{path}.login"),
                format!("the user name `{}` is taken in some spelling", part.login),
            ));
        }
        if part.second_factor {
            let enforced = self.tx.enforce_factor(user, true);
            enforced.map_err(|error| at(path, error))?;
        }
        Ok(())
    }
}
