use crate::{NOW, Stage};
use portcullis::PortalTx;
use portcullis::access::{Kind, Viewer};
use portcullis::id::{ClientId, HostKey, Timestamp};
use portcullis::ledger::Store;
use portcullis::sharing::{Located, PageToken, Seen};
use std::fmt::Write as _;

impl<S> Stage<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// A whole list, read page by page.
    pub fn list(
        &self,
        viewer: &Viewer,
        kind: Kind,
        size: u32,
        now: Timestamp,
    ) -> Vec<Seen<Located>> {
        let mut rows = Vec::new();
        let mut after: Option<PageToken> = None;
        loop {
            let page = self.portal.page(viewer, kind, after, size, now).unwrap();
            let full = page.rows.len() == usize::try_from(size).unwrap();
            rows.extend(page.rows);
            match page.next {
                None => return rows,
                Some(_) => assert!(full, "a page before the last one is short"),
            }
            // As a web client hands it back.
            after = page.next.map(|token| token.to_string().parse().unwrap());
        }
    }

    /// What a viewer sees, as kind and key.
    pub fn seen(&self, viewer: &Viewer) -> Vec<(Kind, HostKey)> {
        self.seen_at(viewer, NOW)
    }

    /// What a viewer sees at another time.
    pub fn seen_at(&self, viewer: &Viewer, now: Timestamp) -> Vec<(Kind, HostKey)> {
        let rows = |kind| self.list(viewer, kind, 500, now);
        let kinds = self.kinds().into_iter();
        kinds
            .flat_map(|kind| {
                rows(kind)
                    .into_iter()
                    .map(move |row| (kind, row.key().clone()))
            })
            .collect()
    }

    /// Everything a viewer is ever told, as text: rows with their facts and masks, their order,
    /// page tokens, counts, containers, clients, and the texts for these keys, which they may or
    /// may not see.
    pub fn told(&self, viewer: &Viewer, asked: &[(Kind, HostKey)], clients: &[ClientId]) -> String {
        let mut told = String::new();
        for kind in self.kinds() {
            let mut after = None;
            loop {
                let page = self.portal.page(viewer, kind, after, 2, NOW).unwrap();
                for row in &page.rows {
                    writeln!(told, "{kind:?} {row:?}").unwrap();
                }
                after = page.next;
                let Some(token) = after else { break };
                writeln!(told, "next {token}").unwrap();
            }
            for cap in [1, 5, 10_000] {
                let count = self.portal.count(viewer, kind, cap, NOW).unwrap();
                writeln!(told, "{kind:?} count {count}").unwrap();
            }
        }
        for (kind, key) in asked {
            match self.portal.find_as(viewer, *kind, key, NOW) {
                Ok(found) => writeln!(told, "{kind:?} {key} {found:?}").unwrap(),
                Err(error) => {
                    writeln!(told, "{kind:?} {key} {error} {:?}", error.kind()).unwrap();
                }
            }
        }
        for client in self.portal.clients(viewer, NOW).unwrap() {
            writeln!(told, "{client:?}").unwrap();
        }
        for client in clients {
            for container in self.portal.containers(viewer, *client, NOW).unwrap() {
                writeln!(told, "{container:?}").unwrap();
            }
        }
        told
    }
}
