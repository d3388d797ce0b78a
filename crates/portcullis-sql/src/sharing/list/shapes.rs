//! One statement of each shape a list can take, for the tests that have each database prepare them.

use super::arm::Arm;
use super::sql::Sql;
use super::{count_sql, page_sql};
use crate::Dialect;
use crate::statement::Shape;
use portcullis_access::{ContainerKind, ContainerKinds, Kind, KindSet};
use portcullis_id::{ClientId, Timestamp, UserId};
use portcullis_sharing::{Branch, ClientScope, Plan};
use uuid::Uuid;

/// One page and one count of each branch there can be, and of two united.
pub(crate) fn shapes(dialect: Dialect) -> Vec<Shape> {
    let branches = branches();
    let mut plans: Vec<(String, Plan)> = branches
        .iter()
        .map(|(name, branch)| (name.clone(), plan(vec![branch.clone()])))
        .collect();
    plans.push((
        "united".to_owned(),
        plan(branches.into_iter().map(|(_, branch)| branch).collect()),
    ));
    let mut shapes = Vec::new();
    for (name, plan) in &plans {
        // Never refused: the scopes are short.
        let arms = Arm::all(plan, None, 50, Some(dialect)).unwrap_or_default();
        for (bond, bonds) in [("", false), (" bond", true)] {
            let sql = page_sql(&arms, bonds, dialect);
            shapes.push(shape(format!("page {name}{bond}"), sql));
        }
        shapes.push(shape(format!("count {name}"), count_sql(&arms, 50)));
    }
    shapes
}

fn shape(name: String, sql: Sql) -> Shape {
    Shape {
        name,
        sql: sql.text,
        params: sql.values,
    }
}

fn branches() -> Vec<(String, Branch)> {
    let client = |n| ClientId::from_uuid(Uuid::from_u128(n));
    let scopes = [
        ("all", ClientScope::All),
        ("affiliated", ClientScope::Affiliated),
        ("one client", ClientScope::These(vec![client(1)])),
        (
            "clients",
            ClientScope::These(vec![client(1), client(2), client(3)]),
        ),
    ];
    let roots = ContainerKinds::NONE.with(ContainerKind::Root);
    let kinds = [
        ("every", ContainerKinds::ALL),
        ("root", roots),
        ("other", roots.complement()),
    ];
    let mut branches = Vec::new();
    for (scope, clients) in scopes {
        for (which, containers) in kinds {
            for (granted, granted_only) in [("", false), (" granted", true)] {
                for (open, open_only) in [("", false), (" open", true)] {
                    branches.push((
                        format!("{scope} {which}{granted}{open}"),
                        Branch {
                            clients: clients.clone(),
                            containers,
                            granted_only,
                            barred: KindSet::NONE,
                            open_only,
                        },
                    ));
                }
            }
        }
    }
    branches
}

fn plan(branches: Vec<Branch>) -> Plan {
    Plan {
        kind: Kind::DOCUMENT,
        user: UserId::from_uuid(Uuid::from_u128(1)),
        now: Timestamp::from_millis(0),
        bonds: true,
        branches,
    }
}
