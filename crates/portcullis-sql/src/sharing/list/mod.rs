//! What is there for one viewer: single rows, pages and counts.

mod arm;
mod heads;
mod shapes;
mod sql;

pub(crate) use shapes::shapes;

use super::containers::container_columns;
use super::items::item_columns;
use super::{containers, items};
use crate::decode::known;
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx, key};
use arm::Arm;
use portcullis_access::{Grant, Kind};
use portcullis_id::{HostKey, ItemId, UserId};
use portcullis_ledger::StoreError;
use portcullis_sharing::{Bond, ItemRow, Lists, PageToken, Plan};
use sql::Sql;

/// What [`read`] reads, of the aliases `i`, `c`, `p` (the parent), `m` (the grant) and `d` (the
/// distribution).
macro_rules! columns {
    () => {
        concat!(
            "SELECT ",
            item_columns!(),
            ", ",
            container_columns!(),
            ", p.open, m.until, m.approver, d.user_id "
        )
    };
}

/// The bond of the user given twice; CROSS JOIN keeps SQLite from starting with the container.
macro_rules! joined {
    () => {
        "portcullis_item AS i CROSS JOIN portcullis_container AS c \
         LEFT JOIN portcullis_item AS p ON p.id = i.parent_id \
         LEFT JOIN portcullis_membership AS m \
            ON m.user_id = ? AND m.container_id = i.container_id \
         LEFT JOIN portcullis_distribution AS d ON d.item_id = i.id AND d.user_id = ? \
         WHERE c.id = i.container_id AND "
    };
}

macro_rules! row {
    ($rest:literal) => {
        concat!(columns!(), "FROM ", joined!(), $rest)
    };
}

statements! {
    ROW_BY_ID = row!("i.id = ?");
    ROW_BY_INT = row!("i.kind = ? AND i.key_int = ?");
    ROW_BY_UUID = row!("i.kind = ? AND i.key_uuid = ?");
    ROW_BY_TEXT = row!("i.kind = ? AND i.key_text = ?");
}

impl<E: Exec> Lists for SqlTx<E> {
    fn row(
        &mut self,
        kind: Kind,
        key: &HostKey,
        user: UserId,
    ) -> Result<Option<ItemRow>, StoreError> {
        let sql = key::of_type(key.key_type(), ROW_BY_INT, ROW_BY_UUID, ROW_BY_TEXT);
        let kind = i64::from(kind.number());
        let values = [user.into(), user.into(), kind.into(), key.into()];
        self.exec.optional(sql, &values, |row| read(row, user))
    }

    fn row_by_id(&mut self, item: ItemId, user: UserId) -> Result<Option<ItemRow>, StoreError> {
        let values = [user.into(), user.into(), item.into()];
        self.exec
            .optional(ROW_BY_ID, &values, |row| read(row, user))
    }

    fn page(
        &mut self,
        plan: &Plan,
        after: Option<PageToken>,
        limit: u32,
    ) -> Result<Vec<ItemRow>, StoreError> {
        let arms = Arm::all(plan, after, limit)?;
        if arms.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let sql = page_sql(&arms);
        self.exec
            .list(&sql.text, &sql.values, |row| read(row, plan.user))
    }

    fn count(&mut self, plan: &Plan, cap: u32) -> Result<u32, StoreError> {
        let arms = Arm::all(plan, None, cap)?;
        if arms.is_empty() {
            return Ok(0);
        }
        let sql = count_sql(&arms, cap);
        let count = self.exec.one(&sql.text, &sql.values, read_count)?;
        known("count", count, u32::try_from(count).ok())
    }
}

/// The page of the union of `arms`, which are not none.
fn page_sql(arms: &[Arm<'_>]) -> Sql {
    let mut sql = Sql::default();
    sql.push(columns!());
    match arms {
        // The list is one range of one index: nothing to sort, nothing to read twice.
        [arm] if arm.in_order() => {
            sql.push("FROM ").push(joined!());
            sql.bind(arm.user()).bind(arm.user());
            arm.rows_in_order(&mut sql, "i", "c");
            arm.newest_first(&mut sql, "i");
        }
        [arm, ..] => {
            sql.push("FROM (");
            if let [only] = arms {
                only.newest(&mut sql);
            } else {
                sql.push("SELECT united.at AS at, united.id AS id FROM (");
                sql.join(arms, " UNION ALL ", |sql, arm| {
                    sql.push("SELECT arm.at AS at, arm.id AS id FROM (");
                    arm.newest(sql);
                    sql.push(") AS arm");
                });
                sql.push(
                    ") AS united ORDER BY united.at DESC, united.id DESC LIMIT CAST(? AS BIGINT)",
                )
                .bind(arm.limit());
            }
            sql.push(") AS k CROSS JOIN ").push(joined!());
            sql.bind(arm.user()).bind(arm.user());
            sql.push("i.id = k.id ORDER BY k.at DESC, k.id DESC");
        }
        [] => {}
    }
    sql
}

/// How many rows the union of `arms` has, up to `cap`.
fn count_sql(arms: &[Arm<'_>], cap: u32) -> Sql {
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) FROM (SELECT united.one FROM (");
    sql.join(arms, " UNION ALL ", |sql, arm| arm.each(sql));
    sql.push(") AS united LIMIT CAST(? AS BIGINT)) AS capped")
        .bind(cap);
    sql
}

fn read_count(row: &mut Cells<'_>) -> Result<i64, StoreError> {
    row.int()
}

fn read(row: &mut Cells<'_>, user: UserId) -> Result<ItemRow, StoreError> {
    let item = items::read(row)?;
    let container = containers::read(row)?;
    let parent_open = flag("open", row.opt_int()?)?;
    let until = row.opt_timestamp()?;
    let grant = flag("approver", row.opt_int()?)?.map(|approver| Grant { until, approver });
    let receives = row.opt_id::<UserId>()?.is_some();
    Ok(ItemRow {
        item,
        container,
        parent_open,
        bond: Bond {
            user,
            grant,
            receives,
        },
    })
}

fn flag(what: &str, number: Option<i64>) -> Result<Option<bool>, StoreError> {
    match number {
        None => Ok(None),
        Some(0) => Ok(Some(false)),
        Some(1) => Ok(Some(true)),
        Some(other) => known(what, other, None),
    }
}
