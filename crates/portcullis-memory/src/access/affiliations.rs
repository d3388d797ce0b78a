use crate::Tx;
use crate::conflict::refers;
use portcullis_access::{Affiliation, Affiliations};
use portcullis_id::{ClientId, UserId};
use portcullis_ledger::StoreError;

impl Affiliations for Tx {
    fn affiliation(
        &mut self,
        user: UserId,
        client: ClientId,
    ) -> Result<Option<Affiliation>, StoreError> {
        Ok(self.access().affiliation(user, client).cloned())
    }

    fn affiliations_of(&mut self, user: UserId) -> Result<Vec<Affiliation>, StoreError> {
        Ok(self.access().doors(user).cloned().collect())
    }

    fn affiliations_at(&mut self, client: ClientId) -> Result<Vec<Affiliation>, StoreError> {
        let all = self.access().affiliations.values();
        Ok(all.filter(|door| door.client == client).cloned().collect())
    }

    fn put_affiliation(&mut self, affiliation: &Affiliation) -> Result<(), StoreError> {
        let access = self.access_mut()?;
        refers(access.users.has(affiliation.user), "user")?;
        refers(access.clients.has(affiliation.client), "client")?;
        let pair = (affiliation.user, affiliation.client);
        access.affiliations.insert(pair, affiliation.clone());
        Ok(())
    }

    fn remove_affiliation(&mut self, user: UserId, client: ClientId) -> Result<(), StoreError> {
        let access = self.access_mut()?;
        access.affiliations.remove(&(user, client));
        access.given.remove(&(user, Some(client)));
        Ok(())
    }
}
