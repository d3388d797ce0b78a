use crate::Tx;
use crate::conflict::refers;
use crate::table::Row;
use portcullis_access::{Contact, Contacts, sort_key};
use portcullis_id::{ClientId, ContactId, HostKey};
use portcullis_ledger::StoreError;

impl Row for Contact {
    const KEY: &'static str = "the host key of a contact";
    type Id = ContactId;
    type Key = HostKey;
    fn id(&self) -> ContactId {
        self.id
    }
    fn key(&self) -> Option<HostKey> {
        self.key.clone()
    }
}

impl Contacts for Tx {
    fn contact(&mut self, id: ContactId) -> Result<Option<Contact>, StoreError> {
        Ok(self.access().contacts.get(id).cloned())
    }

    fn contact_by_key(&mut self, key: &HostKey) -> Result<Option<Contact>, StoreError> {
        Ok(self.access().contacts.by_key(key).cloned())
    }

    fn contacts_of(&mut self, client: ClientId) -> Result<Vec<Contact>, StoreError> {
        let all = self.access().contacts.rows();
        let mut found: Vec<Contact> = all
            .filter(|contact| contact.client == client)
            .cloned()
            .collect();
        found.sort_by_cached_key(|contact| (sort_key(&contact.name), contact.id));
        Ok(found)
    }

    fn put_contact(&mut self, contact: &Contact) -> Result<(), StoreError> {
        let access = self.access_mut()?;
        refers(access.clients.has(contact.client), "client")?;
        access.contacts.put(contact.clone())
    }
}
