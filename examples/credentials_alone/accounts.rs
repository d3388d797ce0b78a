use super::cells::{epoch, json, key, opt_time, text, time, user};
use super::host::Desk;
use portcullis_credentials::{Account, Accounts, Expiry, LoginName, PasswordHash};
use portcullis_id::{Epoch, Timestamp, UserId};
use portcullis_ledger::StoreError;
use rusqlite::{Row, named_params};
use std::num::NonZeroU32;

/// The columns of a login, in the order that [`account`] reads them.
const COLUMNS: &str = "people.id, login, login_key, password, directory, change_due, suspended_at, \
    disabled_at, expires_days, expires_at, people.epoch, tries, login_since";

/// Whatever stands beside an account, joined before it.
pub(super) fn select(beside: &str, from: &str) -> String {
    format!("SELECT {COLUMNS}{beside} FROM {from} AND login_key IS NOT NULL")
}

/// A person's login.
pub(super) fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    let password: Option<String> = row.get(3)?;
    let days: Option<u32> = row.get(8)?;
    let expiry = days.and_then(NonZeroU32::new).zip(opt_time(row, 9)?);
    Ok(Account {
        user: user(row, 0)?,
        name: LoginName::from_stored(row.get(1)?, row.get(2)?),
        password: password.map(PasswordHash::from_phc),
        directory: row.get(4)?,
        change_due: row.get(5)?,
        suspended_at: opt_time(row, 6)?,
        disabled_at: opt_time(row, 7)?,
        expiry: expiry.map(|(days, at)| Expiry { days, at }),
        epoch: epoch(row, 10)?,
        tries: json(row, 11)?,
        created_at: time(row, 12)?,
    })
}

impl Desk {
    /// `UPDATE people .. WHERE id = :user AND ..`: whether there was a login that met the condition.
    /// A unit of work here is alone, so a row that was read is still so when it is written.
    pub(super) fn update(
        &mut self,
        user: UserId,
        met: impl Fn(&Account) -> bool,
        set: impl FnOnce(&mut Account),
    ) -> Result<bool, StoreError> {
        let found = Accounts::account(self, user)?;
        let Some(mut account) = found.filter(|account| met(account)) else {
            // A unit of work that reads must hear that it may not write, whatever there is.
            return Ok(self.run("UPDATE people SET epoch = epoch WHERE id = X''", [])? > 0);
        };
        set(&mut account);
        self.save(&account)
    }

    fn save(&self, account: &Account) -> Result<bool, StoreError> {
        let saved = self.run(
            "UPDATE people SET login = :login, login_key = :login_key, password = :password, \
                directory = :directory, change_due = :change_due, suspended_at = :suspended_at, \
                disabled_at = :disabled_at, expires_days = :expires_days, \
                expires_at = :expires_at, epoch = :epoch, tries = :tries, login_since = :since \
             WHERE id = :id",
            named_params! {
                ":id": key(account.user),
                ":login": account.name.shown(),
                ":login_key": account.name.key(),
                ":password": account.password.as_ref().map(PasswordHash::expose),
                ":directory": account.directory,
                ":change_due": account.change_due,
                ":suspended_at": account.suspended_at.map(Timestamp::millis),
                ":disabled_at": account.disabled_at.map(Timestamp::millis),
                ":expires_days": account.expiry.map(|expiry| expiry.days.get()),
                ":expires_at": account.expiry.map(|expiry| expiry.at.millis()),
                ":epoch": account.epoch.number(),
                ":tries": text(&account.tries),
                ":since": account.created_at.millis(),
            },
        )?;
        Ok(saved > 0)
    }
}

fn move_epoch(account: &mut Account) {
    account.epoch = account.epoch.next();
}

impl Accounts for Desk {
    fn account(&mut self, user: UserId) -> Result<Option<Account>, StoreError> {
        self.one(&select("", "people WHERE id = ?"), [key(user)], account)
    }

    fn account_named(&mut self, key: &str) -> Result<Option<Account>, StoreError> {
        self.one(&select("", "people WHERE login_key = ?"), [key], account)
    }

    /// The person may be there already, and without a login; whoever is not is written down.
    fn add_account(&mut self, account: &Account) -> Result<bool, StoreError> {
        let named = self.account_named(account.name.key())?;
        if named.is_some() || Accounts::account(self, account.user)?.is_some() {
            return Ok(false);
        }
        self.run(
            "INSERT INTO people (id, full_name) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
            (key(account.user), account.name.shown()),
        )?;
        self.save(account)
    }

    fn set_password(
        &mut self,
        user: UserId,
        epoch: Epoch,
        password: &PasswordHash,
        change_due: bool,
    ) -> Result<bool, StoreError> {
        let at_epoch = |account: &Account| account.epoch == epoch && !account.directory;
        self.update(user, at_epoch, |account| {
            account.password = Some(password.clone());
            account.change_due = change_due;
            move_epoch(account);
        })
    }

    fn replace_hash(
        &mut self,
        user: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let still_old = |account: &Account| {
            let stored = account.password.as_ref();
            stored.is_some_and(|stored| stored.expose() == old.expose())
        };
        self.update(user, still_old, |account| {
            account.password = Some(new.clone());
        })
    }

    fn hashes_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(UserId, PasswordHash)>, StoreError> {
        let after = after.map(key).map_or(Vec::new(), Vec::from);
        self.list(
            "SELECT id, password FROM people \
             WHERE id > ? AND password IS NOT NULL ORDER BY id LIMIT ?",
            (after, limit),
            |row| {
                Ok((
                    user(row, 0)?,
                    PasswordHash::from_phc(row.get::<_, String>(1)?),
                ))
            },
        )
    }

    fn set_directory(&mut self, user: UserId, directory: bool) -> Result<bool, StoreError> {
        let otherwise = |account: &Account| account.directory != directory;
        self.update(user, otherwise, |account| {
            account.directory = directory;
            account.password = None;
            account.change_due = false;
            move_epoch(account);
        })
    }

    fn move_epoch(&mut self, user: UserId, epoch: Epoch) -> Result<bool, StoreError> {
        self.update(user, |account| account.epoch == epoch, move_epoch)
    }

    fn demand_change(&mut self, user: UserId) -> Result<bool, StoreError> {
        let none_due = |account: &Account| account.password.is_some() && !account.change_due;
        self.update(user, none_due, |account| {
            account.change_due = true;
            move_epoch(account);
        })
    }

    fn unlock(&mut self, user: UserId) -> Result<bool, StoreError> {
        self.update(
            user,
            |_| true,
            |account| account.tries = account.tries.unlock(),
        )
    }

    fn suspend(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError> {
        let in_use = |account: &Account| account.suspended_at.is_none();
        self.update(user, in_use, |account| {
            account.suspended_at = Some(at);
            move_epoch(account);
        })
    }

    fn resume(&mut self, user: UserId) -> Result<bool, StoreError> {
        let suspended = |account: &Account| account.suspended_at.is_some();
        self.update(user, suspended, |account| account.suspended_at = None)
    }

    fn disable(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError> {
        let in_use = |account: &Account| account.disabled_at.is_none();
        self.update(user, in_use, |account| {
            account.disabled_at = Some(at);
            move_epoch(account);
        })
    }

    fn set_expiry(&mut self, user: UserId, expiry: Option<Expiry>) -> Result<bool, StoreError> {
        self.update(user, |_| true, |account| account.expiry = expiry)
    }

    /// The login goes, with all that hangs on it; the person stays the host's.
    fn remove_account(&mut self, user: UserId) -> Result<bool, StoreError> {
        let tables = [
            "one_time",
            "session",
            "app",
            "recovery",
            "app_tries",
            "former_password",
        ];
        for table in tables {
            self.run(
                &format!("DELETE FROM {table} WHERE person = ?"),
                [key(user)],
            )?;
        }
        let removed = self.run(
            "UPDATE people SET login = NULL, login_key = NULL, password = NULL \
             WHERE id = ? AND login_key IS NOT NULL",
            [key(user)],
        )?;
        Ok(removed > 0)
    }
}
