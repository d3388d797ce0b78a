use portcullis::PortalProfile;
use portcullis::access::{ContainerKind, HandOut, UserKind};
use portcullis::presets;
use portcullis::sharing::{AtActivation, DefaultExposure, FieldRule};

/// The profile of a seed: the two presets, and one that turns the knobs they leave alone.
pub(super) fn of(seed: u64) -> PortalProfile {
    match seed % 4 {
        2 => presets::psa_switches(),
        3 => turned(),
        _ => presets::safe(),
    }
}

/// `safe` with the other value of every knob that neither preset turns.
fn turned() -> PortalProfile {
    let mut profile = presets::safe();
    "turned".clone_into(&mut profile.name);
    profile.access.view_needs = Some("documents.view".to_owned());
    profile.access.hand_out = HandOut::UpToTheCeiling;
    profile.access.inactive_denies = false;
    profile.access.starts_active = true;
    profile.access.base = [(
        UserKind::Client,
        vec!["documents.view".to_owned(), "tasks.view".to_owned()],
    )]
    .into();
    profile.sharing.at_activation = AtActivation::FollowDefault;
    profile.sharing.fields = [(
        "task".to_owned(),
        FieldRule::AllBut(vec!["estimate".to_owned()]),
    )]
    .into();
    profile.sharing.other_fields = FieldRule::All;
    profile.sharing.items = [("document".to_owned(), DefaultExposure::Shown)].into();
    profile.sharing.containers = [
        (ContainerKind::Project, DefaultExposure::Shown),
        (ContainerKind::Library, DefaultExposure::ByContainer),
    ]
    .into();
    profile
}
