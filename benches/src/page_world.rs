//! 200,000 documents in a file, and three people who list them.

use crate::draw::Draw;
use portcullis_access::{
    AccessProfile, AccessRules, Affiliation, Affiliations, Catalogue, Client, Clients,
    ContainerKind, ContainerKinds, Grant, Kind, KindSet, Light, PortalState, Portals, User,
    UserKind, Users, Viewer,
};
use portcullis_id::{
    ClientId, ContainerId, Entropy, EntropyError, HostKey, ItemId, Standing, Timestamp, UserId,
};
use portcullis_ledger::{StoreError, StoreExt};
use portcullis_rusqlite::Store;
use portcullis_sharing::{
    Container, Containers, DefaultExposure, Exposure, Item, Items, Lifecycle, Membership,
    Memberships, SharingProfile, SharingRules, Source, load_sight,
};
use std::path::Path;
use std::sync::Mutex;

/// When everything is asked.
pub const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const MINUTE: i64 = 60_000;
const CLIENTS: usize = 40;
const OLD_PROJECTS: usize = 1_000;
const NEW_PROJECTS: usize = 200;
const ITEMS: usize = 200_000;

/// The file, opened, and who lists from it.
pub struct PageWorld {
    /// The store over the file.
    pub store: Store,
    /// The rules in force.
    pub rules: AccessRules,
    /// The largest client, in which all three work.
    pub client: ClientId,
    /// The cases, each a name and the viewer.
    pub cases: Vec<(&'static str, Viewer)>,
}

impl std::fmt::Debug for PageWorld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PageWorld")
    }
}

/// Bytes for ids, the same in every run.
struct Drawn(Mutex<Draw>);

impl Entropy for Drawn {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        let mut draw = self.0.lock().map_err(|_| EntropyError::exhausted())?;
        for chunk in bytes.chunks_mut(8) {
            let drawn = draw.number().to_le_bytes();
            for (byte, drawn) in chunk.iter_mut().zip(drawn) {
                *byte = drawn;
            }
        }
        Ok(())
    }
}

impl PageWorld {
    /// Writes the file and opens it. `items` is 200,000 but for a short run.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn build(path: &Path, items: Option<usize>) -> Self {
        let store = Store::open(path).expect("a new file");
        store.migrate(NOW).expect("a new store");
        let rules =
            AccessRules::new(profile(), Catalogue::built_in()).expect("a profile that works");
        let mut build = Build {
            ids: Drawn(Mutex::new(Draw::seeded(7))),
            draw: Draw::seeded(11),
            items: items.unwrap_or(ITEMS),
        };
        let (client, people) = store.write(|tx| build.write(tx)).expect("a writable file");
        let sharing =
            SharingRules::new(SharingProfile::closed(), rules.catalogue()).expect("it is closed");
        let cases = people
            .into_iter()
            .map(|(case, user)| {
                let viewer = store
                    .read(|tx| load_sight(tx, user, Standing::USABLE, &rules, &sharing, NOW))
                    .expect("a readable file")
                    .expect("somebody who was written");
                (case, viewer)
            })
            .collect();
        Self {
            store,
            rules,
            client,
            cases,
        }
    }
}

fn profile() -> AccessProfile {
    let mut profile = AccessProfile::closed();
    profile.starts_active = true;
    profile
}

struct Build {
    ids: Drawn,
    draw: Draw,
    items: usize,
}

type People = Vec<(&'static str, UserId)>;
type Tx = <Store as portcullis_ledger::Store>::Tx;

impl Build {
    fn write(&mut self, tx: &mut Tx) -> Result<(ClientId, People), StoreError> {
        tx.put_portal(&PortalState {
            active: true,
            first_activated_at: Some(NOW),
            licensed: ContainerKinds::ALL,
        })?;
        let large = self.client(tx, 0)?;
        let mut old = Vec::new();
        for n in 0..OLD_PROJECTS {
            old.push(self.project(tx, large, n)?);
        }
        let mut new = Vec::new();
        for n in 0..NEW_PROJECTS {
            new.push(self.project(tx, large, OLD_PROJECTS + n)?);
        }
        let mut elsewhere = Vec::new();
        for n in 1..CLIENTS {
            let client = self.client(tx, n)?;
            for m in 0..5 {
                elsewhere.push(self.project(tx, client, m)?);
            }
        }
        // Half is old and large, a fifth new and large, the rest of the other clients.
        for n in 0..self.items {
            let (container, ago) = match n % 10 {
                0..5 => (self.pick(&old), self.items * 2 - n),
                5 | 6 => (self.pick(&new), self.items - n),
                _ => (self.pick(&elsewhere), self.items - n),
            };
            self.item(tx, container, n, ago)?;
        }
        let people = vec![
            ("all", self.user(tx, large, ContainerKinds::ALL)?),
            ("three", self.member(tx, large, &new[..3])?),
            ("old-600", self.member(tx, large, &old[..600])?),
        ];
        Ok((large, people))
    }

    fn pick(&mut self, from: &[(ContainerId, ClientId)]) -> (ContainerId, ClientId) {
        self.draw.one_of(from)
    }

    fn client(&mut self, tx: &mut Tx, n: usize) -> Result<ClientId, StoreError> {
        let id = ClientId::new(NOW, &self.ids).expect("drawn");
        tx.put_client(&Client {
            id,
            key: None,
            name: format!("client {n}"),
            light: Light::Active,
            closed: KindSet::NONE,
            main_contact: None,
            created_at: NOW,
        })?;
        Ok(id)
    }

    fn project(
        &mut self,
        tx: &mut Tx,
        client: ClientId,
        n: usize,
    ) -> Result<(ContainerId, ClientId), StoreError> {
        let id = ContainerId::new(NOW, &self.ids).expect("drawn");
        let shown = self.draw.percent(95);
        let mut container = Container {
            id,
            kind: ContainerKind::Project,
            key: None,
            client: Some(client),
            name: format!("project {n}"),
            exposure: if shown {
                Exposure::Shown
            } else {
                Exposure::Hidden
            },
            default: DefaultExposure::Hidden,
            lifecycle: Lifecycle::Issued,
            closed: KindSet::NONE,
            created_at: NOW,
            open: false,
        };
        container.open = container.derived_open();
        tx.put_container(&container)?;
        Ok((id, client))
    }

    fn item(
        &mut self,
        tx: &mut Tx,
        (container, client): (ContainerId, ClientId),
        n: usize,
        minutes_ago: usize,
    ) -> Result<(), StoreError> {
        let ago = i64::try_from(minutes_ago).unwrap_or(0) * MINUTE;
        let created_at = Timestamp::from_millis(NOW.millis() - ago);
        let open = self.draw.percent(70);
        tx.put_item(&Item {
            id: ItemId::new(created_at, &self.ids).expect("drawn"),
            kind: Kind::DOCUMENT,
            key: HostKey::Int(i64::try_from(n).unwrap_or(0)),
            container,
            client: Some(client),
            parent: None,
            path: KindSet::of(Kind::DOCUMENT),
            exposure: if open {
                Exposure::Shown
            } else {
                Exposure::Inherit
            },
            default: DefaultExposure::Hidden,
            older: false,
            lifecycle: Lifecycle::Issued,
            author: None,
            created_at,
            sort: created_at.millis(),
            open,
        })
    }

    fn user(
        &mut self,
        tx: &mut Tx,
        client: ClientId,
        reach: ContainerKinds,
    ) -> Result<UserId, StoreError> {
        let id = UserId::new(NOW, &self.ids).expect("drawn");
        tx.put_user(&User {
            id,
            key: None,
            kind: UserKind::Client,
            name: "somebody".to_owned(),
            email: None,
            contact: None,
            every_client: false,
            reach,
            rights: vec!["documents.view".to_owned()],
            removed: false,
            created_at: NOW,
        })?;
        tx.put_affiliation(&Affiliation {
            user: id,
            client,
            rights: Vec::new(),
            paused: false,
            until: None,
        })?;
        Ok(id)
    }

    fn member(
        &mut self,
        tx: &mut Tx,
        client: ClientId,
        of: &[(ContainerId, ClientId)],
    ) -> Result<UserId, StoreError> {
        let user = self.user(tx, client, ContainerKinds::NONE)?;
        for (container, _) in of {
            tx.put_membership(&Membership {
                user,
                container: *container,
                source: Source::Member,
                grant: Grant {
                    until: None,
                    approver: false,
                },
                since: NOW,
            })?;
        }
        Ok(user)
    }
}
