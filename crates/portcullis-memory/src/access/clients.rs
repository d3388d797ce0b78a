use crate::Tx;
use crate::table::Row;
use portcullis_access::{Client, Clients};
use portcullis_id::{ClientId, HostKey};
use portcullis_ledger::StoreError;

impl Row for Client {
    const KEY: &'static str = "the host key of a client";
    type Id = ClientId;
    type Key = HostKey;
    fn id(&self) -> ClientId {
        self.id
    }
    fn key(&self) -> Option<HostKey> {
        self.key.clone()
    }
}

impl Clients for Tx {
    fn client(&mut self, id: ClientId) -> Result<Option<Client>, StoreError> {
        Ok(self.access().clients.get(id).cloned())
    }

    fn client_by_key(&mut self, key: &HostKey) -> Result<Option<Client>, StoreError> {
        Ok(self.access().clients.by_key(key).cloned())
    }

    fn clients(&mut self) -> Result<Vec<Client>, StoreError> {
        let mut all: Vec<Client> = self.access().clients.rows().cloned().collect();
        all.sort_by(Client::in_order);
        Ok(all)
    }

    fn put_client(&mut self, client: &Client) -> Result<(), StoreError> {
        // The main contact is not asked for: contacts need their client, and one of the two must
        // be written first.
        self.access_mut()?.clients.put(client.clone())
    }
}
