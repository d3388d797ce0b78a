use super::containers::{default_exposure, exposure, lifecycle};
use crate::decode::known;
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx, key};
use portcullis_access::{Kind, KindSet};
use portcullis_id::{HostKey, ItemId};
use portcullis_ledger::StoreError;
use portcullis_sharing::{Item, Items};
use uuid::Uuid;

/// The columns that [`read`] reads, of the alias `i`.
macro_rules! item_columns {
    () => {
        "i.id, i.kind, i.key_int, i.key_uuid, i.key_text, i.container_id, i.client_id, \
         i.parent_id, i.path, i.exposure, i.default_exposure, i.older, i.lifecycle, \
         i.author_id, i.created_at, i.sort, i.open"
    };
}
pub(super) use item_columns;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            item_columns!(),
            " FROM portcullis_item AS i ",
            $rest
        )
    };
}

statements! {
    ITEM = select!("WHERE i.id = ?");
    ITEM_BY_INT = select!("WHERE i.kind = ? AND i.key_int = ?");
    ITEM_BY_UUID = select!("WHERE i.kind = ? AND i.key_uuid = ?");
    ITEM_BY_TEXT = select!("WHERE i.kind = ? AND i.key_text = ?");
    CHILDREN_OF = select!("WHERE i.parent_id = ? ORDER BY i.id");
    ITEMS_FROM = select!("WHERE i.id >= ? ORDER BY i.id LIMIT CAST(? AS BIGINT)");
    ITEMS_AFTER = select!("WHERE i.id > ? ORDER BY i.id LIMIT CAST(? AS BIGINT)");
    PUT_ITEM = "INSERT INTO portcullis_item \
            (id, kind, key_int, key_uuid, key_text, container_id, client_id, parent_id, path, \
            exposure, default_exposure, older, lifecycle, author_id, created_at, sort, open) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, key_int = excluded.key_int, \
            key_uuid = excluded.key_uuid, key_text = excluded.key_text, \
            container_id = excluded.container_id, client_id = excluded.client_id, \
            parent_id = excluded.parent_id, path = excluded.path, exposure = excluded.exposure, \
            default_exposure = excluded.default_exposure, older = excluded.older, \
            lifecycle = excluded.lifecycle, author_id = excluded.author_id, \
            created_at = excluded.created_at, sort = excluded.sort, open = excluded.open";
    /// What it was distributed to goes with it; a child keeps it.
    REMOVE_ITEM = "DELETE FROM portcullis_item WHERE id = ?";
}

impl<E: Exec> Items for SqlTx<E> {
    fn item(&mut self, id: ItemId) -> Result<Option<Item>, StoreError> {
        self.exec.optional(ITEM, &[id.into()], read)
    }

    fn item_by_key(&mut self, kind: Kind, key: &HostKey) -> Result<Option<Item>, StoreError> {
        let sql = key::of_type(key.key_type(), ITEM_BY_INT, ITEM_BY_UUID, ITEM_BY_TEXT);
        let kind = i64::from(kind.number());
        self.exec.optional(sql, &[kind.into(), key.into()], read)
    }

    fn children_of(&mut self, parent: ItemId) -> Result<Vec<Item>, StoreError> {
        self.exec.list(CHILDREN_OF, &[parent.into()], read)
    }

    fn items_after(&mut self, after: Option<ItemId>, limit: u32) -> Result<Vec<Item>, StoreError> {
        let (sql, from) = match after {
            None => (ITEMS_FROM, ItemId::from_uuid(Uuid::nil())),
            Some(item) => (ITEMS_AFTER, item),
        };
        self.exec.list(sql, &[from.into(), limit.into()], read)
    }

    fn put_item(&mut self, item: &Item) -> Result<(), StoreError> {
        let [int, uuid, text] = key::columns(Some(&item.key));
        self.exec.run(
            PUT_ITEM,
            &[
                item.id.into(),
                i64::from(item.kind.number()).into(),
                int,
                uuid,
                text,
                item.container.into(),
                item.client.into(),
                item.parent.into(),
                item.path.bits().into(),
                item.exposure.number().into(),
                item.default.number().into(),
                item.older.into(),
                item.lifecycle.number().into(),
                item.author.into(),
                item.created_at.into(),
                item.sort.into(),
                item.open.into(),
            ],
        )?;
        Ok(())
    }

    fn remove_item(&mut self, id: ItemId) -> Result<(), StoreError> {
        self.exec.run(REMOVE_ITEM, &[id.into()])?;
        Ok(())
    }
}

/// The next columns of a row as an item.
pub(super) fn read(row: &mut Cells<'_>) -> Result<Item, StoreError> {
    Ok(Item {
        id: row.id()?,
        kind: {
            let number = row.int()?;
            let kind = u8::try_from(number).ok().and_then(Kind::from_number);
            known("kind of item", number, kind)?
        },
        key: key::read(row)?
            .ok_or_else(|| StoreError::corrupt("an item has no host key; restore its row"))?,
        container: row.id()?,
        client: row.opt_id()?,
        parent: row.opt_id()?,
        path: KindSet::from_bits(row.int()?),
        exposure: exposure(row)?,
        default: default_exposure(row)?,
        older: row.flag()?,
        lifecycle: lifecycle(row)?,
        author: row.opt_id()?,
        created_at: row.timestamp()?,
        sort: row.int()?,
        open: row.flag()?,
    })
}
