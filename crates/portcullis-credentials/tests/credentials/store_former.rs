//! What the test store keeps of passwords that were replaced.

use crate::store::Rows;
use portcullis_credentials::{FormerPassword, FormerPasswords, PasswordHash};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;
use std::cmp::Reverse;

impl FormerPasswords for Rows {
    fn add_former_password(&mut self, former: &FormerPassword) -> Result<(), StoreError> {
        self.statement();
        self.former.retain(|one| key(one) != key(former));
        self.former.push(former.clone());
        Ok(())
    }
    fn former_passwords(
        &mut self,
        user: UserId,
        limit: u32,
    ) -> Result<Vec<FormerPassword>, StoreError> {
        self.statement();
        let of_user = self.former.iter().filter(|one| one.user == user);
        let mut found: Vec<_> = of_user.cloned().collect();
        found.sort_by_cached_key(|one| (Reverse(one.replaced_at), key(one)));
        found.truncate(limit as usize);
        Ok(found)
    }
    fn drop_former_passwords(&mut self, user: UserId, keep: u32) -> Result<u64, StoreError> {
        let kept = self.former_passwords(user, keep)?;
        let before = self.former.len();
        let stays = |one: &FormerPassword| kept.iter().any(|kept| key(kept) == key(one));
        self.former.retain(|one| one.user != user || stays(one));
        Ok((before - self.former.len()) as u64)
    }
    fn former_passwords_after(
        &mut self,
        after: Option<&FormerPassword>,
        limit: u32,
    ) -> Result<Vec<FormerPassword>, StoreError> {
        self.statement();
        let behind = |one: &&FormerPassword| Some(key(one)) > after.map(key);
        let mut found: Vec<_> = self.former.iter().filter(behind).cloned().collect();
        found.sort_by_cached_key(key);
        found.truncate(limit as usize);
        Ok(found)
    }
    fn replace_former_hash(
        &mut self,
        old: &FormerPassword,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        self.statement();
        let found = self.former.iter_mut().find(|one| key(one) == key(old));
        Ok(found.map(|one| one.password = new.clone()).is_some())
    }
}

fn key(one: &FormerPassword) -> (UserId, String) {
    (one.user, one.password.expose().to_owned())
}
