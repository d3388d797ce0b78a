use crate::Tx;
use portcullis_credentials::{FormerPassword, FormerPasswords, PasswordHash};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Those of each user, newest first.
pub(super) type Former = BTreeMap<UserId, Vec<FormerPassword>>;

impl FormerPasswords for Tx {
    fn add_former_password(&mut self, former: &FormerPassword) -> Result<(), StoreError> {
        let kept = self
            .credentials_mut()?
            .former
            .entry(former.user)
            .or_default();
        kept.retain(|one| !is(one, former));
        kept.push(former.clone());
        kept.sort_by(newest_first);
        Ok(())
    }

    fn former_passwords(
        &mut self,
        user: UserId,
        limit: u32,
    ) -> Result<Vec<FormerPassword>, StoreError> {
        let kept = self.credentials().former.get(&user).into_iter().flatten();
        Ok(kept.take(count(limit)).cloned().collect())
    }

    fn drop_former_passwords(&mut self, user: UserId, keep: u32) -> Result<u64, StoreError> {
        let kept = self.credentials_mut()?.former.entry(user).or_default();
        let before = kept.len();
        kept.truncate(count(keep));
        Ok(u64::try_from(before - kept.len()).unwrap_or(u64::MAX))
    }

    fn former_passwords_after(
        &mut self,
        after: Option<&FormerPassword>,
        limit: u32,
    ) -> Result<Vec<FormerPassword>, StoreError> {
        let mut found: Vec<_> = self.credentials().former.values().flatten().collect();
        found.retain(|one| after.is_none_or(|after| key(one) > key(after)));
        found.sort_by_key(|one| key(one));
        Ok(found.into_iter().take(count(limit)).cloned().collect())
    }

    fn replace_former_hash(
        &mut self,
        old: &FormerPassword,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let kept = self.credentials_mut()?.former.entry(old.user).or_default();
        let found = kept.iter_mut().find(|one| is(one, old));
        Ok(found.map(|found| found.password = new.clone()).is_some())
    }
}

fn is(one: &FormerPassword, other: &FormerPassword) -> bool {
    key(one) == key(other)
}

fn key(one: &FormerPassword) -> (UserId, &str) {
    (one.user, one.password.expose())
}

fn newest_first(one: &FormerPassword, other: &FormerPassword) -> Ordering {
    let by_time = other.replaced_at.cmp(&one.replaced_at);
    by_time.then_with(|| one.password.expose().cmp(other.password.expose()))
}

fn count(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
