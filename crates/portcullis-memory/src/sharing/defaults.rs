use crate::Tx;
use portcullis_ledger::StoreError;
use portcullis_sharing::{DefaultExposure, DefaultOf, Defaults};

impl Defaults for Tx {
    fn set_defaults(&mut self) -> Result<Vec<(DefaultOf, DefaultExposure)>, StoreError> {
        let set = self.sharing().defaults.iter();
        Ok(set.map(|(of, default)| (*of, *default)).collect())
    }

    fn put_default(&mut self, of: DefaultOf, default: DefaultExposure) -> Result<(), StoreError> {
        self.sharing_mut()?.defaults.insert(of, default);
        Ok(())
    }
}
