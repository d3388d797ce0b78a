use crate::Tx;
use crate::conflict::taken;
use portcullis_access::{PortalState, Portals};
use portcullis_ledger::StoreError;

impl Portals for Tx {
    fn portal(&mut self) -> Result<Option<PortalState>, StoreError> {
        Ok(self.access().portal)
    }

    fn put_portal(&mut self, portal: &PortalState) -> Result<(), StoreError> {
        self.access_mut()?.portal = Some(*portal);
        Ok(())
    }

    fn kind_names(&mut self) -> Result<Vec<(u8, String)>, StoreError> {
        let names = self.access().kind_names.iter();
        Ok(names
            .map(|(number, name)| (*number, name.clone()))
            .collect())
    }

    fn put_kind_name(&mut self, number: u8, name: &str) -> Result<(), StoreError> {
        let names = &mut self.access_mut()?.kind_names;
        let mut known = names.iter().map(|(number, name)| (*number, name.as_str()));
        if known.any(|known| known != (number, name) && (known.0 == number || known.1 == name)) {
            return Err(taken("the number or the name of a kind"));
        }
        names.insert(number, name.to_owned());
        Ok(())
    }
}
