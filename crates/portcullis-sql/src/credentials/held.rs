//! What hangs on an account, kept while somebody may remove that account.

use crate::Dialect;
use std::borrow::Cow;

/// `sql`, an `INSERT .. SELECT .. FROM portcullis_account`, so that the account it finds stays until
/// the end of the unit of work.
///
/// On SQLite nobody else writes meanwhile. On PostgreSQL the account could go between the SELECT and
/// the check of the foreign key, which then fails and ends the transaction: there the SELECT waits for
/// who is removing it, and finds nobody. It waits for nobody else: it is the lock that the check of the
/// foreign key takes, and goes with every change of an account but its removal.
pub(super) fn held(dialect: Dialect, sql: &'static str) -> Cow<'static, str> {
    const UPSERT: &str = " ON CONFLICT ";
    let lock = match dialect {
        Dialect::Sqlite => return Cow::Borrowed(sql),
        Dialect::Postgres => " FOR KEY SHARE",
    };
    Cow::Owned(match sql.split_once(UPSERT) {
        Some((insert, update)) => [insert, lock, UPSERT, update].concat(),
        None => [sql, lock].concat(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_belongs_to_the_select() {
        let upsert = "INSERT INTO t SELECT 1 FROM portcullis_account ON CONFLICT (id) DO NOTHING";
        let locked = "INSERT INTO t SELECT 1 FROM portcullis_account \
            FOR KEY SHARE ON CONFLICT (id) DO NOTHING";
        assert_eq!(held(Dialect::Sqlite, upsert), upsert);
        assert_eq!(held(Dialect::Postgres, upsert), locked);
        let insert = "INSERT INTO t SELECT 1 FROM portcullis_account";
        let locked = "INSERT INTO t SELECT 1 FROM portcullis_account \
            FOR KEY SHARE";
        assert_eq!(held(Dialect::Postgres, insert), locked);
    }
}
