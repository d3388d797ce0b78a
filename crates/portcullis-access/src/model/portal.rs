use crate::ContainerKinds;
use portcullis_id::Timestamp;

/// What is switched on for the whole portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortalState {
    /// Whether the portal is active (V1). Off to begin with, where the profile says so (V2).
    pub active: bool,
    /// When it was first activated. What was made before is "older" (V33, choice 21).
    pub first_activated_at: Option<Timestamp>,
    /// The container kinds that are licensed (K27).
    pub licensed: ContainerKinds,
}
