//! Deny by default (L1): what nobody allowed is not there.

use super::over;
use crate::{DRAWING, Harness, NOW, Stage, World};
use portcullis::access::{AccessProfile, ContainerKinds, Gate, Kind, Role, UserKind, Verb};
use portcullis::id::{HostKey, ItemId};
use portcullis::sharing::{Exposure, SharingProfile, decide};

/// Under a profile that says nothing, and with everything shown, nobody but staff sees anything;
/// and without roles and rights, staff neither.
pub fn an_empty_policy_shows_nothing<H: Harness>() {
    over::<H>(0..3, |seed| {
        let mut world = World::of(seed);
        "closed".clone_into(&mut world.profile.name);
        "closed".clone_into(&mut world.file.profile);
        world.profile.access = AccessProfile::closed();
        world.profile.sharing = SharingProfile::closed();
        for user in &mut world.file.users {
            user.rights.clear();
            user.roles.clear();
            for affiliation in &mut user.affiliations {
                affiliation.rights.clear();
                affiliation.roles.clear();
            }
        }
        let stage = Stage::with(H::fresh(), world);
        for user in stage.users() {
            let viewer = stage.viewer(user.id);
            assert_eq!(
                stage.seen(&viewer),
                [],
                "{:?} sees without a right",
                user.key
            );
        }
    });
    over::<H>(0..3, |seed| {
        let mut world = World::of(seed);
        for user in &mut world.file.users {
            user.reach = ContainerKinds::ALL;
            user.affiliations.clear();
        }
        let stage = Stage::with(H::fresh(), world);
        for user in stage.users() {
            if user.every_client {
                continue;
            }
            let viewer = stage.viewer(user.id);
            assert_eq!(
                stage.seen(&viewer),
                [],
                "{:?} sees without a client",
                user.key
            );
            assert!(stage.portal.clients(&viewer, NOW).unwrap().is_empty());
        }
    });
}

/// Of a kind the host registers nothing is seen by clients until somebody gives the right, and
/// then no field of it until somebody opens one.
pub fn a_new_kind_starts_closed<H: Harness>() {
    over::<H>(0..3, |seed| {
        let mut world = World::of(seed);
        let drawings = "drawings.view".to_owned();
        for role in &mut world.file.roles {
            role.rights.retain(|right| *right != drawings);
        }
        for user in &mut world.file.users {
            user.rights.retain(|right| *right != drawings);
        }
        let stage = Stage::with(H::fresh(), world);
        for user in stage.users() {
            let viewer = stage.viewer(user.id);
            assert!(stage.list(&viewer, DRAWING, 500, NOW).is_empty());
            assert_eq!(stage.portal.count(&viewer, DRAWING, 500, NOW).unwrap(), 0);
            let open = matches!(
                stage.world.profile.sharing.other_fields,
                portcullis::sharing::FieldRule::All
            );
            if user.kind != UserKind::Staff && !open {
                assert!(!stage.portal.may_ask_about(&viewer, DRAWING, "scale"));
            }
        }
    });
}

/// A right or a kind that storage holds and nobody registered, of a newer version or a host that
/// forgot, is kept as it is, and opens nothing for anybody.
pub fn what_nobody_registered_is_kept_and_denied<H: Harness>() {
    over::<H>(0..2, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let unknown = Kind::from_number(61).unwrap();
        let shown = stage.items()[0].clone();
        let (role, user) = stage.write(|tx| {
            let mut role = tx.role_by_name("reader")?.unwrap();
            role.rights.push("things.view".to_owned());
            role.rights.push("documents.levitate".to_owned());
            tx.put_role(&role)?;
            let mut item = shown.clone();
            item.id = ItemId::from_uuid(uuid::Uuid::from_u128(0xF00));
            item.kind = unknown;
            item.key = HostKey::from("of-a-newer-version");
            item.parent = None;
            item.path = portcullis::access::KindSet::of(unknown);
            item.exposure = Exposure::Shown;
            item.open = true;
            tx.put_item(&item)?;
            let user = tx.user_by_key(&"auditor".into())?.unwrap();
            Ok((role, user))
        });
        let kept: Role = stage.read(|tx| tx.role(role.id)).unwrap();
        assert_eq!(kept, role);
        let kept = stage.read(|tx| tx.item_by_key(unknown, &"of-a-newer-version".into()));
        assert_eq!(kept.unwrap().kind, unknown);
        for user in stage.users().iter().chain([&user]) {
            let viewer = stage.viewer(user.id);
            assert!(stage.list(&viewer, unknown, 10, NOW).is_empty());
            assert_eq!(stage.portal.count(&viewer, unknown, 10, NOW).unwrap(), 0);
            let found = stage
                .portal
                .find_as(&viewer, unknown, "of-a-newer-version", NOW);
            assert!(found.is_err(), "{:?} sees what nobody registered", user.key);
            let row = stage.read(|tx| tx.row(unknown, &"of-a-newer-version".into(), user.id));
            let facts = row.row.unwrap().facts(stage.portal.catalogue());
            let deny = decide(&viewer, Verb::View, &facts, NOW).denied().unwrap();
            assert!(user.kind != UserKind::Staff || deny.gate <= Gate::Right);
        }
    });
}
