//! Stores of every age: the rows a store had at each version, and what the ports read of them now.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "support of tests, in a file of its own"
)]

use portcullis_access::{Affiliations, Clients, Contacts, Portals, Roles, Users};
use portcullis_credentials::{Accounts, Digest, PasswordHash, Purpose, Sessions, Tokens};
use portcullis_id::{ClientId, ContainerId, ItemId, UserId};
use portcullis_ledger::{Ledger, Scope, StoreError};
use portcullis_sharing::{Containers, Defaults, Items, Memberships};
use portcullis_sql::migrate::{MigrationSet, sets};
use portcullis_sql::{Dialect, Exec, SqlTx};
use std::fmt::Debug;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use uuid::Uuid;

/// The sets of today.
pub(crate) fn today() -> Vec<MigrationSet> {
    sets().to_vec()
}

/// Ages a store can have: at age 2, each set is at its version 2 or, where it has none, its last.
pub(crate) fn ages(today: &[MigrationSet]) -> RangeInclusive<u32> {
    1..=today.iter().map(version).max().expect("sets")
}

/// The sets as they were at `age`.
pub(crate) fn sets_at(today: &[MigrationSet], age: u32) -> Vec<MigrationSet> {
    let cut = |set: &MigrationSet| {
        let known = usize::try_from(age.min(version(set))).expect("a version");
        MigrationSet {
            name: set.name,
            migrations: set.migrations.split_at(known).0,
        }
    };
    today.iter().map(cut).collect()
}

/// The rows a store of `age` held: those of each set's file for its version then.
pub(crate) fn rows_at(today: &[MigrationSet], age: u32, dialect: Dialect) -> String {
    let sets = sets_at(today, age);
    let files = sets.iter().map(|set| {
        let file = format!("migrations/{}/data/{}.sql", set.name, version(set));
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../portcullis-sql")
            .join(file);
        std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("write the rows of {}: {error}", path.display()))
    });
    files.map(|rows| literals(&rows, dialect)).collect()
}

/// What [`read`] must read of a store that was made at `age`.
pub(crate) fn expected(age: u32) -> Vec<String> {
    // Sharing 2 has put in order what was there by the time of its creation.
    let sorts = [
        ("sort: 200", 1_600_000_000_020),
        ("sort: 100", 1_600_000_000_021_i64),
    ];
    let read = include_str!("read.txt").lines();
    read.map(|line| match age {
        1 => sorts.iter().fold(line.to_owned(), |line, (sort, then)| {
            line.replace(sort, &format!("sort: {then}"))
        }),
        _ => line.to_owned(),
    })
    .collect()
}

/// Everything in these rows, as the ports read it, one a line.
pub(crate) fn read<E: Exec>(tx: &mut SqlTx<E>) -> Result<Vec<String>, StoreError> {
    let client = ClientId::from_uuid(id(0x11));
    let (ada, bob) = (UserId::from_uuid(id(0x31)), UserId::from_uuid(id(0x32)));
    let project = ContainerId::from_uuid(id(0x52));
    let mut lines = Lines(Vec::new());
    lines.add(tx.revision(Scope::Policy)?);
    lines.add(tx.revision(Scope::Client(client))?);
    lines.all(tx.audit(9)?);
    lines.all(tx.outbox(9)?);

    lines.add(tx.portal()?);
    lines.all(tx.kind_names()?);
    lines.all(tx.clients()?);
    lines.all(tx.contacts_of(client)?);
    lines.all(tx.users()?);
    lines.all(tx.affiliations_of(bob)?);
    lines.all(tx.roles()?);
    lines.all(tx.roles_of(ada, None)?);
    lines.all(tx.roles_of(bob, Some(client))?);

    let account = tx.account(ada)?.expect("an account");
    lines.add(account.password.as_ref().map(PasswordHash::expose));
    lines.add((
        account.name.key(),
        account.tries,
        account.expiry,
        account.epoch,
    ));
    lines.add((account.change_due, account.suspended_at, account.created_at));
    let token = tx.token(&Digest::from_bytes([0x71; 32]), Purpose::Invitation)?;
    lines.add(token.map(|(token, _)| (token.id, token.epoch, token.created_at, token.expires_at)));
    let session = tx.session(&Digest::from_bytes([0x72; 32]))?;
    lines.add(session.map(|(one, _)| (one.id, one.epoch, one.created_at, one.seen_at)));

    lines.all(tx.containers_of(Some(client))?);
    lines.all(tx.items_after(None, 9)?);
    lines.all(tx.memberships_of(bob, 9)?);
    lines.all(tx.distribution_of(ItemId::from_uuid(id(0x61)))?);
    lines.all(tx.members_of(project)?);
    lines.all(tx.set_defaults()?);
    Ok(lines.0)
}

struct Lines(Vec<String>);

impl Lines {
    fn add(&mut self, thing: impl Debug) {
        self.0.push(format!("{thing:?}"));
    }

    fn all<T: Debug>(&mut self, things: Vec<T>) {
        assert!(
            !things.is_empty(),
            "nothing read behind {:?}",
            self.0.last()
        );
        for thing in things {
            self.add(thing);
        }
    }
}

fn version(set: &MigrationSet) -> u32 {
    set.migrations.last().map_or(0, |last| last.version)
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// `{id 11}` is the id 0x11 and `{bytes 71}` is 32 times 0x71, as each database writes them.
fn literals(rows: &str, dialect: Dialect) -> String {
    let mut parts = rows.split(['{', '}']);
    let mut text = parts.next().unwrap_or_default().to_owned();
    while let (Some(token), Some(code)) = (parts.next(), parts.next()) {
        let (what, number) = token.split_once(' ').expect("a token");
        let hex = match what {
            "id" => format!("{number:0>32}"),
            "bytes" => number.repeat(32),
            other => panic!("no token {other}"),
        };
        let quote = match (dialect, what) {
            (Dialect::Sqlite, _) => "x'",
            (Dialect::Postgres, "id") => "'",
            (Dialect::Postgres, _) => "'\\x",
        };
        text.extend([quote, &hex, "'", code]);
    }
    text
}
