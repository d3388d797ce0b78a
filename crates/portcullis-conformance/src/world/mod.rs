//! Random worlds: a whole portal as a document, from a seed, with something for every gate.

mod model;
mod people;
mod profile;
mod things;

pub use model::Place;

use crate::Draws;
use portcullis::PortalProfile;
use portcullis::access::{Catalogue, ContainerKind, ContainerKinds, Keyed, Kind};
use portcullis::file::{DefaultsPart, PortalFile, PortalPart};
use portcullis::id::{HostKey, KeyType, Timestamp, days};
use portcullis::sharing::DefaultExposure;

/// The moment at which worlds are looked at. Ends in them lie before and after.
pub const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// A kind of the host's own.
pub const DRAWING: Kind = Kind::host::<0>();

/// One random portal.
#[derive(Clone, Debug)]
pub struct World {
    /// What it was made from.
    pub seed: u64,
    /// The rules it runs under.
    pub profile: PortalProfile,
    /// Everything in it.
    pub file: PortalFile,
}

impl World {
    /// The world of a seed. Seeds next to each other differ in profile; every fourth has a user
    /// with more grants than a viewer carries.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let draws = Draws::seeded(seed);
        let profile = profile::of(seed);
        let roles = people::roles();
        let mut clients = things::clients(&draws, seed % 4 == 1);
        let mut users = people::users(&draws, &profile, &clients);
        people::let_in(&draws, &mut clients, &mut users);
        let licensed = if draws.percent(70) {
            ContainerKinds::ALL
        } else {
            ContainerKinds::ALL.without(*draws.pick(&ContainerKind::ALL[1..]))
        };
        let file = PortalFile {
            portcullis: PortalFile::VERSION,
            profile: profile.name.clone(),
            portal: PortalPart {
                active: seed % 16 != 6,
                first_activated_at: Some(NOW.before(days(300))),
                licensed,
            },
            defaults: DefaultsPart {
                containers: [(ContainerKind::Ticket, DefaultExposure::ByContainer)].into(),
                items: [("task".to_owned(), DefaultExposure::Shown)].into(),
            },
            roles,
            clients,
            unowned: things::unowned(&draws),
            users,
        };
        Self {
            seed,
            profile,
            file,
        }
    }

    /// The catalogue worlds are made for: BIGINT clients, UUID documents, BIGINT tasks, and a kind
    /// of the host's own, in one portal.
    #[must_use]
    pub fn catalogue() -> Catalogue {
        Catalogue::built_in()
            .keyed_by(Keyed::Clients, KeyType::Int)
            .with_keys(Kind::DOCUMENT, KeyType::Uuid)
            .and_then(|known| known.with_keys(Kind::TASK, KeyType::Int))
            .and_then(|known| known.with_kind(DRAWING, "drawing", "drawings", KeyType::Text))
            .and_then(|known| known.with_field(DRAWING, "scale"))
            .unwrap()
    }

    /// The password of a user.
    #[must_use]
    pub fn password(user: &HostKey) -> String {
        format!("a long password of {user}")
    }
}
