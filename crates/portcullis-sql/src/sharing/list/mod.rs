//! What is there for one viewer: single rows, pages and counts.

mod arm;
mod fragment;
mod heads;
mod host;
mod host_beside;
mod host_form;
mod host_lists;
mod host_page;
mod host_parts;
mod host_text;
mod joined;
mod keyset;
mod shapes;
mod sql;
mod template;
mod unfiltered;
mod whole;

pub use fragment::Fragment;
pub use host::{VisibleTo, visible_to};
pub use host_page::{HostPage, PageEnd};
pub use host_parts::HostColumns;
pub use keyset::{CursorValue, Keyset, after, before};
pub(crate) use shapes::shapes;
pub use template::{HostColumn, HostPart, Piece, Template};

use super::items::item_columns;
use super::{containers, items};
use crate::decode::known;
use crate::statement::statements;
use crate::{Cells, Dialect, Exec, ExecExt, SqlTx, key};
use arm::Arm;
use portcullis_access::{Grant, Kind};
use portcullis_id::{HostKey, ItemId, UserId};
use portcullis_ledger::{Revision, StoreError};
use portcullis_sharing::{Bond, ItemRow, Lists, Lookup, PageToken, ParentFacts, Plan};
use sql::Sql;
use unfiltered::tied_values;

/// What [`read`] reads first, of the aliases `i`, `c` and `p` (the parent).
macro_rules! columns {
    () => {
        concat!("SELECT ", item_columns!(), facts_columns!())
    };
}

macro_rules! facts_columns {
    () => {
        ", c.kind, c.exposure, c.default_exposure, c.lifecycle, c.closed, p.kind, p.open, \
         (SELECT policy_revision FROM portcullis_meta WHERE id = 1)"
    };
}

/// What it reads then, of the aliases `m` (the grant) and `d` (the distribution).
macro_rules! bond_columns {
    () => {
        ", m.until, m.approver, d.user_id"
    };
}

macro_rules! joined {
    () => {
        concat!("portcullis_item AS i", kin!())
    };
}

/// CROSS JOIN keeps SQLite from starting with the container.
macro_rules! kin {
    () => {
        " CROSS JOIN portcullis_container AS c \
         LEFT JOIN portcullis_item AS p ON p.id = i.parent_id"
    };
}

/// The bond of the user given twice.
macro_rules! bonds {
    () => {
        " LEFT JOIN portcullis_membership AS m \
            ON m.user_id = ? AND m.container_id = i.container_id \
         LEFT JOIN portcullis_distribution AS d ON d.item_id = i.id AND d.user_id = ?"
    };
}

/// One row whether the item is there or not: the revision, the item's id or NULL, and then what
/// [`read`] reads.
macro_rules! lookup {
    ($key:literal) => {
        concat!(
            "SELECT meta.policy_revision, i.id, ",
            item_columns!(),
            facts_columns!(),
            bond_columns!(),
            " FROM portcullis_meta AS meta LEFT JOIN portcullis_item AS i ON i.kind = ? AND ",
            $key,
            " = ? LEFT JOIN portcullis_container AS c ON c.id = i.container_id \
             LEFT JOIN portcullis_item AS p ON p.id = i.parent_id",
            bonds!(),
            " WHERE meta.id = 1"
        )
    };
}

macro_rules! row {
    ($rest:literal) => {
        concat!(
            columns!(),
            bond_columns!(),
            " FROM ",
            joined!(),
            bonds!(),
            " WHERE c.id = i.container_id AND ",
            $rest
        )
    };
}

statements! {
    ROW_BY_ID = row!("i.id = ?");
    ROW_BY_INT = lookup!("i.key_int");
    ROW_BY_UUID = lookup!("i.key_uuid");
    ROW_BY_TEXT = lookup!("i.key_text");
}

impl<E: Exec> Lists for SqlTx<E> {
    fn row(&mut self, kind: Kind, key: &HostKey, user: UserId) -> Result<Lookup, StoreError> {
        let sql = key::of_type(key.key_type(), ROW_BY_INT, ROW_BY_UUID, ROW_BY_TEXT);
        let kind = i64::from(kind.number());
        let values = [kind.into(), key.into(), user.into(), user.into()];
        self.exec.one(sql, &values, |row| lookup(row, user))
    }

    fn row_by_id(&mut self, item: ItemId, user: UserId) -> Result<Option<ItemRow>, StoreError> {
        let values = [user.into(), user.into(), item.into()];
        self.exec
            .optional(ROW_BY_ID, &values, |row| read(row, Some(user)))
    }

    fn page(
        &mut self,
        plan: &Plan,
        after: Option<PageToken>,
        limit: u32,
    ) -> Result<Vec<ItemRow>, StoreError> {
        let arms = Arm::all(plan, after, limit, Some(self.exec.dialect()))?;
        if arms.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let sql = page_sql(&arms, plan.bonds, self.exec.dialect());
        let user = plan.bonds.then_some(plan.user);
        self.exec
            .list(&sql.text, &sql.values, |row| read(row, user))
    }

    fn count(&mut self, plan: &Plan, cap: u32) -> Result<u32, StoreError> {
        let arms = Arm::all(plan, None, cap, Some(self.exec.dialect()))?;
        if arms.is_empty() {
            return Ok(0);
        }
        let sql = count_sql(&arms, cap);
        let count = self.exec.one(&sql.text, &sql.values, read_count)?;
        known("count", count, u32::try_from(count).ok())
    }
}

/// The page of the union of `arms`, which are not none.
fn page_sql(arms: &[Arm<'_>], bonds: bool, dialect: Dialect) -> Sql {
    let mut sql = Sql::default();
    sql.push(columns!());
    if bonds {
        sql.push(bond_columns!());
    }
    match arms {
        // The list is one range of one index: nothing to sort, nothing to read twice.
        [arm] if arm.in_order() => {
            sql.push(" FROM portcullis_item AS i");
            if dialect == Dialect::Sqlite && arm.open_to_one_client() {
                // Newer versions of SQLite take the narrower index, and read what is hidden.
                sql.push(" INDEXED BY portcullis_item_client_open");
            }
            kin(&mut sql, arm, bonds);
            arm.rows_in_order(&mut sql, "i", "c");
            arm.newest_first(&mut sql, "i");
        }
        [arm, ..] => {
            sql.push(" FROM (");
            newest(&mut sql, arms);
            sql.push(") AS k CROSS JOIN portcullis_item AS i");
            kin(&mut sql, arm, bonds);
            sql.push("i.id = k.id ORDER BY k.sort DESC, k.id DESC");
        }
        [] => {}
    }
    sql
}

/// The sort and id of the newest of the union of `arms`, as a whole SELECT.
fn newest(sql: &mut Sql, arms: &[Arm<'_>]) {
    match arms {
        [only] => only.newest(sql),
        [first, ..] => {
            sql.push("SELECT united.sort AS sort, united.id AS id FROM (");
            sql.join(arms, " UNION ALL ", |sql, arm| {
                sql.push("SELECT arm.sort AS sort, arm.id AS id FROM (");
                arm.newest(sql);
                sql.push(") AS arm");
            });
            sql.push(
                ") AS united ORDER BY united.sort DESC, united.id DESC LIMIT CAST(? AS BIGINT)",
            )
            .bind(first.limit());
        }
        [] => {}
    }
}

/// What belongs to an item: its container, its parent and, where they are asked for, the user's
/// bonds.
fn kin(sql: &mut Sql, arm: &Arm<'_>, bonds: bool) {
    sql.push(kin!());
    if bonds {
        let bonds = if arm.for_sqlite() {
            tied_values(bonds!(), "i.id")
        } else {
            bonds!().to_owned()
        };
        sql.push(&bonds).bind(arm.user()).bind(arm.user());
    }
    sql.push(" WHERE c.id = i.container_id AND ");
}

/// How many rows the union of `arms` has, up to `cap`.
fn count_sql(arms: &[Arm<'_>], cap: u32) -> Sql {
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) FROM (SELECT united.one FROM (");
    sql.join(arms, " UNION ALL ", |sql, arm| {
        arm.each(sql, "1 AS one");
    });
    sql.push(") AS united LIMIT CAST(? AS BIGINT)) AS capped")
        .bind(cap);
    sql
}

fn read_count(row: &mut Cells<'_>) -> Result<i64, StoreError> {
    row.int()
}

fn lookup(row: &mut Cells<'_>, user: UserId) -> Result<Lookup, StoreError> {
    let revision = Revision::from_number(row.int()?);
    let there = row.opt_id::<ItemId>()?.is_some();
    let row = there.then(|| read(row, Some(user))).transpose()?;
    Ok(Lookup { revision, row })
}

/// A row, with the bond of `user` where one was asked for.
fn read(row: &mut Cells<'_>, user: Option<UserId>) -> Result<ItemRow, StoreError> {
    let item = items::read(row)?;
    Ok(ItemRow {
        container: containers::read_facts(row, item.container)?,
        item,
        parent: read_parent(row)?,
        revision: Revision::from_number(row.int()?),
        bond: match user {
            None => None,
            Some(user) => Some(read_bond(row, user)?),
        },
    })
}

fn read_parent(row: &mut Cells<'_>) -> Result<Option<ParentFacts>, StoreError> {
    let kind = row.opt_int()?;
    let open = flag("open", row.opt_int()?)?;
    let (Some(number), Some(open)) = (kind, open) else {
        return Ok(None);
    };
    let kind = known(
        "kind",
        number,
        u8::try_from(number).ok().and_then(Kind::from_number),
    )?;
    Ok(Some(ParentFacts { kind, open }))
}

fn read_bond(row: &mut Cells<'_>, user: UserId) -> Result<Bond, StoreError> {
    let until = row.opt_timestamp()?;
    let approver = flag("approver", row.opt_int()?)?;
    Ok(Bond {
        user,
        grant: approver.map(|approver| Grant { until, approver }),
        receives: row.opt_id::<UserId>()?.is_some(),
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
