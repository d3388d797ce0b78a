//! No backward default (L8, V9): a changed default is for what is made from now on.

use super::over;
use crate::{Harness, NOW, Stage};
use portcullis::access::{ContainerKind, Kind};
use portcullis::sharing::{DefaultExposure, DefaultOf};

/// Whatever default is set, everybody is told what they were told before.
pub fn a_default_changes_nothing_that_is_there<H: Harness>() {
    over::<H>(0..4, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let told = || -> Vec<_> {
            let users = stage.users();
            let viewers = users.iter().map(|user| stage.viewer(user.id));
            viewers
                .map(|viewer| stage.told(&viewer, &[], &[]))
                .collect()
        };
        let before = told();
        for default in [
            DefaultExposure::Hidden,
            DefaultExposure::Shown,
            DefaultExposure::ByContainer,
        ] {
            let settings = stage.operator();
            let settings = settings.settings();
            for kind in stage.kinds() {
                settings
                    .set_default(DefaultOf::Items(kind), default)
                    .unwrap();
            }
            for kind in ContainerKind::ALL {
                settings
                    .set_default(DefaultOf::Containers(kind), default)
                    .unwrap();
            }
            assert_eq!(told(), before, "{default:?} acts backwards");
        }
        assert_eq!(stage.operator().verify().unwrap(), []);

        // And what is made now has it.
        let item = stage.items()[0].container;
        stage
            .operator()
            .place(Kind::UPDATE, "made-after", item)
            .unwrap();
        let made = stage
            .items()
            .into_iter()
            .find(|item| item.key == "made-after".into())
            .unwrap();
        assert_eq!(made.default, DefaultExposure::ByContainer);
        assert_eq!(made.created_at, NOW);
    });
}
