//! Lists over a host's own table, where the adapter can: the same rule, in the host's own query.

use super::over;
use crate::{Harness, HostList, HostRow, NOW, Stage};
use portcullis::access::Kind;
use portcullis::id::HostKey;
use std::cmp::Reverse;

/// A host's list of documents is what is allowed one by one. A row whose owner column disagrees
/// with ours is nobody's; one that we do not know is hidden from clients, and open to staff with
/// the right who reach its owner.
pub fn a_hosts_list_is_what_decide_allows<H: Harness>() {
    over::<H>(0..6, |seed| {
        let (store, _kept) = H::shared();
        let stage = Stage::of(store, seed);
        let clients = stage.read(|tx| tx.clients());
        let owner = |client: Option<_>| {
            let found = clients.iter().find(|known| Some(known.id) == client);
            found.and_then(|client| client.key.clone())
        };
        let documents: Vec<_> = stage
            .items()
            .into_iter()
            .filter(|item| item.kind == Kind::DOCUMENT)
            .collect();
        let mut rows: Vec<_> = documents
            .iter()
            .enumerate()
            .map(|(n, item)| HostRow {
                key: item.key.clone(),
                created_at: item.created_at,
                // Every fifth says it is somebody else's.
                owner: if n % 5 == 4 {
                    clients
                        .iter()
                        .find(|known| Some(known.id) != item.client)
                        .and_then(|known| known.key.clone())
                } else {
                    owner(item.client)
                },
            })
            .collect();
        for (n, client) in clients.iter().enumerate() {
            rows.push(HostRow {
                key: uuid::Uuid::from_u128(n as u128 + 1).into(),
                created_at: NOW,
                owner: client.key.clone(),
            });
        }
        for user in stage.users() {
            let viewer = stage.viewer(user.id);
            let list = HostList {
                viewer: &viewer,
                kind: Kind::DOCUMENT,
                now: NOW,
                rows: &rows,
            };
            let Some(listed) = H::host_list(stage.portal.store(), &list) else {
                return;
            };
            let mut expected: Vec<&HostRow> = rows
                .iter()
                .filter(
                    |row| match documents.iter().find(|item| item.key == row.key) {
                        Some(item) => {
                            row.owner == owner(item.client)
                                && stage
                                    .portal
                                    .find_as(&viewer, Kind::DOCUMENT, &row.key, NOW)
                                    .is_ok()
                        }
                        None => open_to_staff(&stage, &viewer, row),
                    },
                )
                .collect();
            expected.sort_by_key(|row| Reverse((row.created_at, row.key.clone())));
            let expected: Vec<HostKey> = expected.into_iter().map(|row| row.key.clone()).collect();
            assert_eq!(listed, expected, "{:?}", user.key);
        }
    });
}

fn open_to_staff<S>(stage: &Stage<S>, viewer: &portcullis::access::Viewer, row: &HostRow) -> bool
where
    S: portcullis::ledger::Store,
    S::Tx: portcullis::PortalTx,
{
    use portcullis::access::{Right, UserKind, Verb};
    let client = row
        .owner
        .as_ref()
        .and_then(|key| stage.read(|tx| tx.client_by_key(key)));
    let right = Right::On(Verb::View, Kind::DOCUMENT);
    viewer.kind() == UserKind::Staff
        && stage
            .portal
            .may(viewer, right, client.map(|client| client.id), NOW)
            .is_allow()
}
