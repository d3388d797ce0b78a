use crate::conflict::taken;
use portcullis_ledger::StoreError;
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// What is kept under an id and, where it has one, under a second unique key.
pub(crate) trait Row: Clone {
    /// How the second key is called when it is taken.
    const KEY: &'static str;
    /// What a row is told apart by.
    type Id: Copy + Ord;
    /// What no two rows share.
    type Key: Clone + Ord;

    fn id(&self) -> Self::Id;
    fn key(&self) -> Option<Self::Key>;
}

/// The rows of one noun. Rows are shared between snapshots, not copied.
#[derive(Clone)]
pub(crate) struct Table<R: Row> {
    rows: BTreeMap<R::Id, Arc<R>>,
    keys: BTreeMap<R::Key, R::Id>,
}

impl<R: Row> Table<R> {
    pub(crate) fn get(&self, id: R::Id) -> Option<&R> {
        self.rows.get(&id).map(AsRef::as_ref)
    }

    pub(crate) fn has(&self, id: R::Id) -> bool {
        self.rows.contains_key(&id)
    }

    pub(crate) fn by_key<Q>(&self, key: &Q) -> Option<&R>
    where
        R::Key: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.get(*self.keys.get(key)?)
    }

    /// All rows, by id.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &R> {
        self.rows.values().map(AsRef::as_ref)
    }

    /// The rows behind `after`, by id.
    pub(crate) fn rows_after(&self, after: Option<R::Id>) -> impl Iterator<Item = &R> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.rows
            .range((from, Bound::Unbounded))
            .map(|(_, row)| row.as_ref())
    }

    /// The rows that have a key, by key.
    pub(crate) fn keyed(&self) -> impl Iterator<Item = &R> {
        self.keys.values().filter_map(|id| self.get(*id))
    }

    /// Inserts a row, or replaces the one with its id.
    pub(crate) fn put(&mut self, row: R) -> Result<(), StoreError> {
        let (id, key) = (row.id(), row.key());
        let holder = key.as_ref().and_then(|key| self.keys.get(key));
        if holder.is_some_and(|holder| *holder != id) {
            return Err(taken(R::KEY));
        }
        self.remove(id);
        if let Some(key) = key {
            self.keys.insert(key, id);
        }
        self.rows.insert(id, Arc::new(row));
        Ok(())
    }

    /// The row, to change anything but its id and key.
    pub(crate) fn change(&mut self, id: R::Id) -> Option<&mut R> {
        self.rows.get_mut(&id).map(Arc::make_mut)
    }

    /// Removes a row; whether it was there.
    pub(crate) fn remove(&mut self, id: R::Id) -> bool {
        let Some(row) = self.rows.remove(&id) else {
            return false;
        };
        if let Some(key) = row.key() {
            self.keys.remove(&key);
        }
        true
    }

    /// Removes the rows that meet `goes`; how many.
    pub(crate) fn remove_where(&mut self, goes: impl Fn(&R) -> bool) -> u64 {
        let going: Vec<R::Id> = self.rows().filter(|row| goes(row)).map(Row::id).collect();
        going.into_iter().map(|id| u64::from(self.remove(id))).sum()
    }
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            keys: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Row for (u8, Option<&'static str>) {
        const KEY: &'static str = "the name of a pair";
        type Id = u8;
        type Key = &'static str;
        fn id(&self) -> u8 {
            self.0
        }
        fn key(&self) -> Option<&'static str> {
            self.1
        }
    }

    #[test]
    fn a_key_is_free_again_when_its_row_left_it() {
        let mut table = Table::default();
        table.put((1, Some("a"))).unwrap();
        let error = table.put((2, Some("a"))).unwrap_err();
        assert!(error.to_string().starts_with("the name of a pair is taken"));
        assert!(!table.has(2), "nothing was put");
        table.put((1, Some("b"))).unwrap();
        table.put((2, Some("a"))).unwrap();
        assert!(table.remove(1) && !table.remove(1));
        assert_eq!(table.by_key("b"), None);
        assert_eq!(table.by_key("a"), Some(&(2, Some("a"))));
    }

    #[test]
    fn rows_without_a_key_do_not_collide() {
        let mut table = Table::default();
        for n in [3, 1, 2] {
            table.put((n, None)).unwrap();
        }
        let ids: Vec<u8> = table.rows_after(Some(1)).map(|row| row.0).collect();
        assert_eq!(ids, [2, 3]);
        assert_eq!(table.keyed().count(), 0);
        assert_eq!(table.remove_where(|row| row.0 > 1), 2);
    }
}
