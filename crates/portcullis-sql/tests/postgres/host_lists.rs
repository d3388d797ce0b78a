//! Lists over a host's own table, as PostgreSQL prepares them.

use crate::{migrated, prepare};
use portcullis_access::{
    AccessProfile, AccessRules, Catalogue, ContainerKind, ContainerKinds, Keyed, Kind, KindSet,
    Light, PortalState, Subject, SubjectAffiliation, UserKind, Viewer,
};
use portcullis_id::{ClientId, KeyType, Standing, Timestamp, UserId};
use portcullis_ledger::Revision;
use portcullis_sql::visible_to;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(0);

const TABLE: &str = "CREATE TABLE documents \
    (id UUID PRIMARY KEY, client_id BIGINT, project_id TEXT COLLATE \"C\");\n";

#[test]
fn a_list_over_a_hosts_table_is_one_that_postgres_runs() {
    let Some(database) = migrated() else {
        return;
    };
    let mut script = TABLE.to_owned();
    for clients in [1, 3, 100, 1_100] {
        for (kind, every_client) in [
            (UserKind::Client, false),
            (UserKind::Staff, false),
            (UserKind::Staff, true),
        ] {
            for (number, sql) in lists(kind, every_client, clients).iter().enumerate() {
                let name = format!("{} {every_client} {clients} {number}", kind.name());
                script.push_str(&prepare(&name, sql));
            }
        }
    }
    assert_eq!(database.complaints(&script), "");
}

fn lists(kind: UserKind, every_client: bool, clients: u128) -> Vec<String> {
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::DOCUMENT, KeyType::Uuid)
        .expect("a known kind")
        .keyed_by(Keyed::Clients, KeyType::Int);
    let rules = AccessRules::new(AccessProfile::closed(), catalogue).expect("rules");
    let subject = Subject {
        user: UserId::from_uuid(Uuid::nil()),
        kind,
        removed: false,
        every_client,
        // Nothing but what was granted: such a list is driven by the grants.
        reach: if clients == 1 {
            ContainerKinds::NONE
        } else {
            ContainerKinds::NONE.with(ContainerKind::Root)
        },
        rights: vec!["documents.view".to_owned()],
        portal: PortalState {
            active: true,
            first_activated_at: None,
            licensed: ContainerKinds::ALL,
        },
        revision: Revision::default(),
    };
    let affiliations = (0..clients).map(|number| SubjectAffiliation {
        client: ClientId::from_uuid(Uuid::from_u128(number)),
        light: Light::Active,
        closed: KindSet::NONE,
        paused: false,
        until: None,
        rights: Vec::new(),
    });
    let viewer = Viewer::fold(&subject, affiliations, Standing::USABLE, &rules, NOW);
    let list = || visible_to(&viewer, Kind::DOCUMENT, rules.catalogue(), NOW).column("d.id");
    [
        list(),
        list().owned_by("d.client_id"),
        list().in_container("d.project_id"),
        list()
            .owned_by("d.client_id")
            .in_container_of(ContainerKind::Project, "d.project_id"),
    ]
    .map(|list| {
        let visible = list.sql().expect("a list");
        assert!(visible.text().contains("EXISTS") || visible.text().contains("IN"));
        format!("SELECT d.id FROM documents AS d WHERE {}", visible.text())
    })
    .into()
}
