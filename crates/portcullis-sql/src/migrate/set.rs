use sha2::{Digest, Sha256};

/// The migrations of one domain.
#[derive(Clone, Copy, Debug)]
pub struct MigrationSet {
    /// The domain, as the store's own record names it.
    pub name: &'static str,
    /// Its migrations, versions 1, 2, 3 ..
    pub migrations: &'static [Migration],
}

/// One step of a [`MigrationSet`].
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its place in the set, from 1.
    pub version: u32,
    /// What it brings, in a word.
    pub name: &'static str,
    /// Its text, with the tokens of [`Dialect::render`](crate::Dialect::render).
    pub sql: &'static str,
}

/// The sets of all domains whose feature is on, in the order they refer to each other.
pub const fn sets() -> &'static [MigrationSet] {
    SETS
}

const SETS: &[MigrationSet] = &[
    MigrationSet {
        name: "ledger",
        migrations: &[
            Migration {
                version: 1,
                name: "ledger",
                sql: include_str!("../../migrations/ledger/1_ledger.sql"),
            },
            Migration {
                version: 2,
                name: "sealed",
                sql: include_str!("../../migrations/ledger/2_sealed.sql"),
            },
        ],
    },
    #[cfg(feature = "access")]
    MigrationSet {
        name: "access",
        migrations: &[Migration {
            version: 1,
            name: "access",
            sql: include_str!("../../migrations/access/1_access.sql"),
        }],
    },
    #[cfg(feature = "credentials")]
    MigrationSet {
        name: "credentials",
        migrations: &[
            Migration {
                version: 1,
                name: "accounts",
                sql: include_str!("../../migrations/credentials/1_accounts.sql"),
            },
            Migration {
                version: 2,
                name: "directory",
                sql: include_str!("../../migrations/credentials/2_directory.sql"),
            },
            Migration {
                version: 3,
                name: "factors",
                sql: include_str!("../../migrations/credentials/3_factors.sql"),
            },
            Migration {
                version: 4,
                name: "limits",
                sql: include_str!("../../migrations/credentials/4_limits.sql"),
            },
        ],
    },
    #[cfg(feature = "sharing")]
    MigrationSet {
        name: "sharing",
        migrations: &[
            Migration {
                version: 1,
                name: "sharing",
                sql: include_str!("../../migrations/sharing/1_sharing.sql"),
            },
            Migration {
                version: 2,
                name: "sort",
                sql: include_str!("../../migrations/sharing/2_sort.sql"),
            },
        ],
    },
];

/// The sets a store may hold although this build leaves their feature off.
pub(super) const DOMAINS: [&str; 4] = ["access", "credentials", "ledger", "sharing"];

impl MigrationSet {
    pub(super) fn last(&self) -> u32 {
        self.migrations
            .last()
            .map_or(0, |migration| migration.version)
    }
}

impl Migration {
    /// SHA-256 of the text, in hex; the same on every dialect and after any checkout.
    pub(super) fn checksum(&self) -> String {
        // Git on Windows may have turned the line ends.
        data_encoding::HEXLOWER.encode(&Sha256::digest(self.sql.replace('\r', "")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dialect;
    use portcullis_id::Timestamp;

    #[test]
    fn versions_count_from_one_without_gaps() {
        for set in sets() {
            assert!(
                DOMAINS.contains(&set.name),
                "{}: add it to DOMAINS",
                set.name
            );
            let versions: Vec<u32> = set.migrations.iter().map(|m| m.version).collect();
            let counted: Vec<u32> = (1..).take(versions.len()).collect();
            assert_eq!(versions, counted, "{}", set.name);
        }
    }

    #[test]
    fn no_token_is_left_in_a_rendered_migration() {
        for migration in sets().iter().flat_map(|set| set.migrations) {
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                let sql = dialect.render(migration.sql, Timestamp::from_millis(0));
                assert!(!sql.contains(['{', '}']), "{}: {sql}", migration.name);
            }
        }
    }

    #[test]
    fn pitfall17_every_table_is_strict() {
        for migration in sets().iter().flat_map(|set| set.migrations) {
            let tables = migration.sql.matches("CREATE TABLE").count();
            let strict = migration.sql.matches(" {strict}").count();
            assert_eq!(tables, strict, "{}", migration.name);
        }
    }

    /// A line for each migration that was published: stores have its checksum.
    const PUBLISHED: [(&str, u32, &str); 9] = [
        (
            "ledger",
            1,
            "f100377834e6021622b8361bedcbe75dc357c9f2cb27b5b9ecaedd35f80090b4",
        ),
        (
            "ledger",
            2,
            "80f5f76f51f51f759bc523d94dd4f2a5e6218468eaa221d9bbec8e9931be5f94",
        ),
        (
            "access",
            1,
            "cfc2ba72b5e50a4a03496602d66312a5d2986ba819a5579ff14fb26afab519f1",
        ),
        (
            "credentials",
            1,
            "424897cd8a9e56c6a969092fa886f1d28fd1351dc526c2222ea951ef67614452",
        ),
        (
            "credentials",
            2,
            "c61074d7eddaf109c8dea6d3af7c3aba5266d27c488b641ceea376c22285472d",
        ),
        (
            "credentials",
            3,
            "a1df2a357a0445473a3011cf0f20857ba166714d6f6e91975d85fe93ef22132c",
        ),
        (
            "credentials",
            4,
            "9409fa3c2280ea1250ee085c41e1901dc073d9b7a55578df19c885eb3b490e4d",
        ),
        (
            "sharing",
            1,
            "e4209196bb27362f18b6f7c6b8d6ad6f1075261a83b105108186508c00597efc",
        ),
        (
            "sharing",
            2,
            "f670bd3f0a51d39f292f2e616d0877e5c9cef93e00629499dae7526dac579470",
        ),
    ];

    #[test]
    fn a_published_migration_is_never_edited() {
        for (name, version, checksum) in PUBLISHED {
            let set = sets().iter().find(|set| set.name == name);
            let of_version = |one: &&Migration| one.version == version;
            if let Some(set) = set {
                let migration = set.migrations.iter().find(of_version).unwrap();
                assert_eq!(
                    migration.checksum(),
                    checksum,
                    "{name} {version} stands in stores as it was; write the next version"
                );
            }
        }
    }

    #[test]
    fn a_checksum_does_not_depend_on_line_ends() {
        let unix = Migration {
            version: 1,
            name: "a",
            sql: "CREATE\nTABLE",
        };
        let windows = Migration {
            sql: "CREATE\r\nTABLE",
            ..unix
        };
        let other = Migration {
            sql: "CREATE\nTABLE ",
            ..unix
        };
        assert_eq!(unix.checksum(), windows.checksum());
        assert_ne!(unix.checksum(), other.checksum());
    }
}
