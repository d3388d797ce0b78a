use portcullis_access::{ContainerKind, ContainerKinds, Light, UserKind};
use portcullis_id::{HostKey, Timestamp};
use portcullis_sharing::{DefaultExposure, Exposure, Lifecycle, Source};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::num::NonZeroU32;

/// A whole portal as one JSON document: everything but sign-in sessions, one-time tokens, waiting
/// mails and the audit.
///
/// It holds no state that the commands would not make. They leave behind what a lost affiliation
/// made dormant, and so may a file: members, recipients and contacts of a client that no longer
/// lets the user in. The client lock keeps all of it shut until they are affiliated again.
///
/// Things refer to one another by key: the host's own, or `id:<uuid>` for what the host gave none.
/// Times are milliseconds since 1970 UTC. What is left out has its default. Kinds, rights and
/// fields that nobody knows are refused, never skipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalFile {
    /// The version of this format: [`PortalFile::VERSION`].
    pub portcullis: u32,
    /// The name of the profile the portal runs under.
    pub profile: String,
    /// What is switched on.
    pub portal: PortalPart,
    /// The defaults the organisation set.
    #[serde(default, skip_serializing_if = "DefaultsPart::is_empty")]
    pub defaults: DefaultsPart,
    /// The roles, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RolePart>,
    /// The clients, with their contacts, containers and items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<ClientPart>,
    /// The containers that belong to no client.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unowned: Vec<ContainerPart>,
    /// The users, with what they may do and their accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UserPart>,
}

impl PortalFile {
    /// The version this library reads and writes.
    pub const VERSION: u32 = 1;
}

/// What is switched on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalPart {
    /// Whether the portal is active.
    pub active: bool,
    /// When it first was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_activated_at: Option<Timestamp>,
    /// The container kinds that are licensed.
    pub licensed: ContainerKinds,
}

/// The defaults the organisation set since the profile was published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultsPart {
    /// For new containers of a kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub containers: BTreeMap<ContainerKind, DefaultExposure>,
    /// For new items of a kind, by kind name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub items: BTreeMap<String, DefaultExposure>,
}

impl DefaultsPart {
    fn is_empty(&self) -> bool {
        self.containers.is_empty() && self.items.is_empty()
    }
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolePart {
    /// Its name, which is its key.
    pub name: String,
    /// The rights in it, by name.
    pub rights: Vec<String>,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientPart {
    /// Its key.
    pub key: HostKey,
    /// The company's name.
    pub name: String,
    /// Its status light.
    #[serde(default, skip_serializing_if = "is_default")]
    pub light: Light,
    /// The areas that are closed for it, by kind name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<String>,
    /// The key of its main contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_contact: Option<HostKey>,
    /// When it was added.
    pub created_at: Timestamp,
    /// Its contacts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<ContactPart>,
    /// Its containers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<ContainerPart>,
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactPart {
    /// Their key.
    pub key: HostKey,
    /// Their name.
    pub name: String,
    /// Their address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A container with what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContainerPart {
    /// What kind of container.
    pub kind: ContainerKind,
    /// Its key. A root of which there is one a client may go by that alone.
    pub key: HostKey,
    /// Its name.
    pub name: String,
    /// Its own switch.
    #[serde(default, skip_serializing_if = "is_default")]
    pub exposure: Exposure,
    /// The default in force when it was made.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: DefaultExposure,
    /// Where it stands in its life.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lifecycle: Lifecycle,
    /// The areas that are closed in it, by kind name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who was let in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberPart>,
    /// What is in it; a parent before what hangs on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemPart>,
}

/// Somebody who was let into a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberPart {
    /// The key of their user.
    pub user: HostKey,
    /// How they came by it.
    pub source: Source,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Whether they were set up as an approver.
    #[serde(default, skip_serializing_if = "is_default")]
    pub approver: bool,
    /// Since when.
    pub since: Timestamp,
}

/// An item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemPart {
    /// Its kind, by name.
    pub kind: String,
    /// Its key.
    pub key: HostKey,
    /// The item it hangs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ItemRef>,
    /// Its own switch.
    #[serde(default, skip_serializing_if = "is_default")]
    pub exposure: Exposure,
    /// The default in force when it was made.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: DefaultExposure,
    /// Whether it is older than the first activation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub older: bool,
    /// Where it stands in its life.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lifecycle: Lifecycle,
    /// The key of the user who made it on the portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<HostKey>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Where it stands in lists, if not where the milliseconds of `created_at` put it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<i64>,
    /// The keys of the users it was distributed to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent_to: Vec<HostKey>,
}

/// An item, named by kind and key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRef {
    /// Its kind, by name.
    pub kind: String,
    /// Its key.
    pub key: HostKey,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserPart {
    /// Their key.
    pub key: HostKey,
    /// Staff, client or guest.
    pub kind: UserKind,
    /// The person's name.
    pub name: String,
    /// Where their mails go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The key of their contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<HostKey>,
    /// Whether they reach every client.
    #[serde(default, skip_serializing_if = "is_default")]
    pub every_client: bool,
    /// The container kinds of which they reach all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reach: ContainerKinds,
    /// Rights given directly, by name; they count at every client reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<String>,
    /// Roles, by name; they count at every client reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Whether they were removed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub removed: bool,
    /// When they were added.
    pub created_at: Timestamp,
    /// The clients they are let in at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affiliations: Vec<AffiliationPart>,
    /// Their account here; none where a host's single sign-on keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountPart>,
}

/// A door from a user to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AffiliationPart {
    /// The key of the client.
    pub client: HostKey,
    /// Rights given at this client alone, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<String>,
    /// Roles given at this client alone, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Whether it is closed for now.
    #[serde(default, skip_serializing_if = "is_default")]
    pub paused: bool,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// An account. Its password is a hash, or is still to be set; never the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountPart {
    /// The user name, as it is shown.
    pub login: String,
    /// The password.
    pub password: PasswordPart,
    /// Whether a new one must be set at the next sign-in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub change_due: bool,
    /// Whether a second factor must be set up at the next sign-in (S29). Secrets stay behind: whoever
    /// has one comes out as if it were enforced. Until they have set up another, their password alone
    /// opens the account: import, and then invite them or have them sign in soon.
    #[serde(default, skip_serializing_if = "is_default")]
    pub second_factor: bool,
    /// Since when an administrator has suspended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<Timestamp>,
    /// Since when it is switched off for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Timestamp>,
    /// When it expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<ExpiryPart>,
    /// Until when it is locked from wrong passwords; the end of time stands for "until an
    /// administrator clears it".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A password in a file.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordPart {
    /// None yet: the user sets it from an invitation.
    ToBeSet,
    /// Its hash, as the portal's function takes it: a PHC string, and what another program wrote
    /// where the function is [`Importing`](portcullis_credentials::Importing).
    Hash(String),
    /// Kept in the directory through which the user signs in (S30).
    InDirectory,
}

/// When an account expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiryPart {
    /// The number of days that was entered.
    pub days: NonZeroU32,
    /// The tick from which it has expired.
    pub at: Timestamp,
}

impl std::fmt::Debug for PasswordPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ToBeSet => "ToBeSet",
            Self::Hash(_) => "Hash(..)",
            Self::InDirectory => "InDirectory",
        })
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
