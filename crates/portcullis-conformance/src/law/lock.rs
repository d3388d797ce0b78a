//! The lock wins (L6, B36, P42, V24): no grant, share, role or reach gets past the client lock.

use super::over;
use crate::{Harness, NOW, Stage};
use portcullis::access::{ContainerKinds, Grant, UserKind};
use portcullis::sharing::{Exposure, Lifecycle, Membership, Source};

/// Everybody is given everything but an affiliation: still nothing of another client is there.
pub fn no_grant_reaches_past_the_client_lock<H: Harness>() {
    over::<H>(0..4, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let operator = stage.operator();
        operator.settings().set_active(true).unwrap();
        operator
            .settings()
            .set_licensed(ContainerKinds::ALL)
            .unwrap();
        for item in stage.items() {
            if item.kind != portcullis::access::Kind::TASK_LIST {
                operator
                    .share(item.kind, &item.key, Exposure::Shown)
                    .unwrap();
                operator
                    .set_lifecycle(item.kind, &item.key, Lifecycle::Issued)
                    .unwrap();
            }
        }
        let users = stage.users();
        stage.write(|tx| {
            let roles: Vec<_> = tx.roles()?.iter().map(|role| role.id).collect();
            let clients = tx.clients()?;
            let mut owners: Vec<_> = clients.iter().map(|client| Some(client.id)).collect();
            owners.push(None);
            for owner in owners {
                for mut container in tx.containers_of(owner)? {
                    container.exposure = Exposure::Shown;
                    container.lifecycle = Lifecycle::Issued;
                    container.open = container.derived_open();
                    tx.put_container(&container)?;
                    for user in &users {
                        tx.put_membership(&Membership {
                            user: user.id,
                            container: container.id,
                            source: Source::Member,
                            grant: Grant {
                                until: None,
                                approver: true,
                            },
                            since: NOW,
                        })?;
                    }
                }
            }
            for user in &users {
                let mut user = user.clone();
                user.reach = ContainerKinds::ALL;
                tx.put_user(&user)?;
                tx.set_roles_of(user.id, None, &roles)?;
            }
            Ok(())
        });
        let mut beyond = 0;
        for user in users {
            let viewer = stage.viewer(user.id);
            for (kind, key) in stage.seen(&viewer) {
                let found = stage.portal.find_as(&viewer, kind, &key, NOW).unwrap();
                let client = found.facts().client;
                let let_in = user.kind == UserKind::Staff && user.every_client
                    || client.is_some_and(|client| {
                        let door = stage.read(|tx| tx.affiliation(user.id, client));
                        door.is_some_and(|door| door.live_at(NOW))
                    });
                assert!(let_in, "{:?} reaches {key} past the lock", user.key);
                beyond += 1;
            }
        }
        assert!(beyond > 100, "nothing was reachable at all");
    });
}
