use crate::Tx;
use crate::conflict::refers;
use crate::table::Row;
use portcullis_access::{User, Users};
use portcullis_id::{ContactId, HostKey, UserId};
use portcullis_ledger::StoreError;

impl Row for User {
    const KEY: &'static str = "the host key of a user";
    type Id = UserId;
    type Key = HostKey;
    fn id(&self) -> UserId {
        self.id
    }
    fn key(&self) -> Option<HostKey> {
        self.key.clone()
    }
}

impl Users for Tx {
    fn user(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.access().users.get(id).cloned())
    }

    fn user_by_key(&mut self, key: &HostKey) -> Result<Option<User>, StoreError> {
        Ok(self.access().users.by_key(key).cloned())
    }

    fn user_of_contact(&mut self, contact: ContactId) -> Result<Option<User>, StoreError> {
        let mut users = self.access().users.rows();
        let found = users.find(|user| !user.removed && user.contact == Some(contact));
        Ok(found.cloned())
    }

    fn users(&mut self) -> Result<Vec<User>, StoreError> {
        Ok(self.access().users.rows().cloned().collect())
    }

    fn put_user(&mut self, user: &User) -> Result<(), StoreError> {
        let access = self.access_mut()?;
        if let Some(contact) = user.contact {
            refers(access.contacts.has(contact), "contact")?;
        }
        access.users.put(user.clone())
    }
}
