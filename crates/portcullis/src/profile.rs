use portcullis_access::AccessProfile;
use portcullis_credentials::CredentialSettings;
use portcullis_sharing::SharingProfile;
use serde::{Deserialize, Serialize};

/// A product's rules as data: the access, sharing and credential knobs together (7.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalProfile {
    /// What it is called.
    pub name: String,
    /// Who may do what for which client.
    pub access: AccessProfile,
    /// What is shown to begin with.
    pub sharing: SharingProfile,
    /// How people prove who they are.
    pub credentials: CredentialSettings,
}
