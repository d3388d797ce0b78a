//! Mistakes that others made before us, each by its number.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis_access::{AccessProfile, AccessRules, Catalogue, ContainerKind, Keyed, Kind};
use portcullis_conformance::{NOW, viewers};
use portcullis_id::{KeyType, Timestamp};
use portcullis_rusqlite::{Joined, configure, values};
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use portcullis_sql::{Fragment, visible_to};
use rusqlite::{Connection, StatementStatus, params_from_iter};
use std::collections::BTreeSet;

/// The driver keeps 16 statements; with more than that in use each would be prepared every time.
#[test]
fn pitfall14_a_hundred_statements_stay_prepared() {
    let runs_kept = |connection: &Connection| {
        let texts: Vec<String> = (0..100).map(|n| format!("SELECT {n}")).collect();
        for text in &texts {
            let mut statement = connection.prepare_cached(text).unwrap();
            statement.query_row([], |_| Ok(())).unwrap();
        }
        let first = connection.prepare_cached(&texts[0]).unwrap();
        first.get_status(StatementStatus::Run)
    };
    let as_it_comes = Connection::open_in_memory().unwrap();
    assert_eq!(runs_kept(&as_it_comes), 0);
    let configured = Connection::open_in_memory().unwrap();
    configure(&configured).unwrap();
    assert_eq!(runs_kept(&configured), 1);
}

/// Values are never in the text, and lists of clients are padded, so that the texts are few.
#[test]
fn pitfall14_the_texts_of_lists_are_few() {
    let rules = rules();
    let mut texts = BTreeSet::new();
    for (_, viewer) in viewers(&rules) {
        for now in [NOW, Timestamp::from_millis(4_711_000)] {
            let list = visible_to(&viewer, Kind::DOCUMENT, rules.catalogue(), now).column("d.id");
            let text = list
                .owned_by("d.client_id")
                .sql()
                .unwrap()
                .text()
                .to_owned();
            assert!(!text.contains("4711"), "{text}");
            texts.insert(text);
        }
    }
    assert!(texts.len() <= viewers(&rules).len(), "{}", texts.len());
}

/// `plan` of `acme` is the viewer's; `PLAN` of `ACME` is somebody else's, and the host's columns
/// take the one for the other.
#[test]
fn pitfall16_ids_that_differ_in_case_alone_are_two() {
    let connection = portal(
        "CREATE TABLE documents (id TEXT COLLATE NOCASE, client_id TEXT COLLATE NOCASE,
            project_id TEXT COLLATE NOCASE);
         INSERT INTO documents VALUES ('plan', 'acme', NULL), ('PLAN', 'ACME', NULL),
            ('PLAN', 'acme', NULL), ('plan', 'ACME', NULL), ('sketch', 'acme', 'p'),
            ('sketch', 'acme', 'P'), ('unknown', 'ACME', NULL),
            ('unknown', 'acme', NULL);",
    );
    let found: i64 = connection
        .query_row(
            "SELECT COUNT(*) FROM documents WHERE id = 'plan' AND client_id = 'acme'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(found, 4, "the host's own columns do not tell them apart");
    let mut wrong = Vec::new();
    each_list(|name, columns, visible| {
        let listed = listed(&connection, visible);
        assert!(listed.len() >= 2, "{name}: {listed:?}");
        wrong.extend(listed.into_iter().filter_map(|row| {
            let (id, client, project) = &row;
            let right = match (columns, id.as_str()) {
                (Columns::Key, "plan" | "sketch") => true,
                (Columns::Owner, "plan" | "sketch") => client == "acme",
                (Columns::Owner | Columns::OwnerAndContainer, "unknown") => {
                    client == "acme" && name.starts_with("staff")
                }
                (Columns::OwnerAndContainer, "plan") => client == "acme" && project.is_none(),
                (Columns::OwnerAndContainer, "sketch") => project.as_deref() == Some("p"),
                _ => false,
            };
            (!right).then(|| format!("{name} {columns:?}: {row:?}"))
        }));
    });
    assert_eq!(wrong, Vec::<String>::new());
}

/// A list and its complement have no row in common, and neither counts one that has no key.
#[test]
fn pitfall19_a_row_without_a_key_is_no_clients_whichever_way_it_is_asked() {
    let connection = portal(
        "CREATE TABLE documents (id TEXT, client_id TEXT, project_id TEXT);
         INSERT INTO documents VALUES ('plan', 'acme', NULL), ('PLAN', 'ACME', NULL),
            ('sketch', 'acme', 'p'), (NULL, 'acme', NULL), (NULL, NULL, NULL), ('plan', NULL, NULL),
            (NULL, 'acme', 'p');",
    );
    each_list(|name, columns, visible| {
        let count = |condition: &str| -> i64 {
            let sql = format!("SELECT COUNT(*) FROM documents AS d WHERE {condition}");
            let values = params_from_iter(values(visible));
            connection
                .query_row(&sql, values, |row| row.get(0))
                .unwrap()
        };
        let text = visible.text();
        let owned = !matches!(columns, Columns::Key);
        if !name.starts_with("staff") {
            // By its key alone `plan` is the viewer's, whatever stands beside it.
            assert_eq!(count(text), if owned { 2 } else { 3 }, "{name} {columns:?}");
            assert_eq!(
                count(&format!("{text} AND d.id IS NULL")),
                0,
                "{name} {columns:?}"
            );
        }
        assert!(count(&format!("NOT {text}")) <= 7 - count(text));
        let hidden = format!("NOT {text} AND d.id = 'PLAN'");
        assert_eq!(count(&hidden), 1, "{name} {columns:?}");
    });
    let keyless = "UPDATE portcullis_item SET key_text = NULL";
    let refused = connection.execute_batch(keyless).unwrap_err();
    assert!(refused.to_string().contains("CHECK"), "{refused}");
}

#[derive(Clone, Copy, Debug)]
enum Columns {
    Key,
    Owner,
    OwnerAndContainer,
}

type Row = (String, String, Option<String>);

fn listed(connection: &Connection, visible: &Fragment) -> Vec<Row> {
    let sql = format!(
        "SELECT d.id, d.client_id, d.project_id FROM documents AS d WHERE {}",
        visible.text()
    );
    let mut statement = connection.prepare(&sql).unwrap();
    let rows = statement.query_map(params_from_iter(values(visible)), |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// The list of each form for whom client 1 is the only one, over each choice of columns.
fn each_list(mut check: impl FnMut(&str, Columns, &Fragment)) {
    let rules = rules();
    for (name, viewer) in viewers(&rules) {
        if !name.contains("of 1 ") && !name.ends_with("of 1") {
            continue;
        }
        let list = || visible_to(&viewer, Kind::DOCUMENT, rules.catalogue(), NOW).column("d.id");
        let owned = || list().owned_by("d.client_id");
        let contained = owned().in_container_of(ContainerKind::Project, "d.project_id");
        for (columns, list) in [
            (Columns::Key, list()),
            (Columns::Owner, owned()),
            (Columns::OwnerAndContainer, contained),
        ] {
            check(&name, columns, &list.sql().unwrap());
        }
    }
}

/// Our tables with two clients, `acme` (1) and `ACME` (2), a document in the root of each, and
/// one of acme's in its project `p`; ACME has the project `P`. And the host's own table.
fn portal(host: &str) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    configure(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    let mut joined = Joined::new(&transaction).unwrap();
    Migrator::new(sets(), Tenancy::Shared)
        .migrate(&mut joined, NOW)
        .unwrap();
    transaction.commit().unwrap();
    let id = |number: u8| format!("x'{number:032x}'");
    for (number, client) in [(1, "acme"), (2, "ACME")] {
        let row = format!(
            "INSERT INTO portcullis_client (id, key_text, name, sort_key, light, closed, created_at)
             VALUES ({}, '{client}', '', '', 0, 0, 0)",
            id(number)
        );
        connection.execute_batch(&row).unwrap();
    }
    for (number, kind, key, client) in [
        (1, 0, "NULL", 1),
        (2, 0, "NULL", 2),
        (3, 1, "'p'", 1),
        (4, 1, "'P'", 2),
    ] {
        let row = format!(
            "INSERT INTO portcullis_container (id, kind, key_text, client_id, name, sort_key,
                exposure, default_exposure, lifecycle, closed, created_at, open)
             VALUES ({}, {kind}, {key}, {}, '', '', 1, 1, 0, 0, 0, 1)",
            id(number),
            id(client)
        );
        connection.execute_batch(&row).unwrap();
    }
    let document = Kind::DOCUMENT.number();
    for (number, key, container, client) in
        [(1, "plan", 1, 1), (2, "PLAN", 2, 2), (3, "sketch", 3, 1)]
    {
        let row = format!(
            "INSERT INTO portcullis_item (id, kind, key_text, container_id, client_id, path,
                exposure, default_exposure, older, lifecycle, created_at, open)
             VALUES ({}, {document}, '{key}', {}, {}, {}, 1, 1, 0, 0, 0, 1)",
            id(number),
            id(container),
            id(client),
            1 << document
        );
        connection.execute_batch(&row).unwrap();
    }
    let user = format!(
        "INSERT INTO portcullis_user (id, kind, name, every_client, reach, rights, removed, created_at)
         VALUES ({0}, 1, '', 0, 0, '', 0, 0);
         INSERT INTO portcullis_membership (user_id, container_id, source, approver, since)
         VALUES ({0}, {0}, 0, 0, 0), ({0}, {1}, 0, 0, 0)",
        id(1),
        id(3)
    );
    connection.execute_batch(&user).unwrap();
    connection.execute_batch(host).unwrap();
    connection
}

fn rules() -> AccessRules {
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::DOCUMENT, KeyType::Text)
        .unwrap()
        .keyed_by(Keyed::Clients, KeyType::Text);
    AccessRules::new(AccessProfile::closed(), catalogue).unwrap()
}
