use crate::{Entropy, EntropyError, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::{Builder, Uuid};

/// A text is not one of our ids.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {noun} id; it must be a UUID, as this library printed it")]
pub struct IdError {
    text: String,
    noun: &'static str,
}

macro_rules! id {
    ($($(#[doc = $doc:literal])+ $name:ident = $noun:literal;)+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[repr(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id (UUID version 7) from the caller's clock and randomness.
            ///
            /// # Errors
            /// When the source of randomness cannot deliver.
            pub fn new(now: Timestamp, entropy: &dyn Entropy) -> Result<Self, EntropyError> {
                fresh(now, entropy).map(Self)
            }

            /// An id read back from storage or from a file.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The id as storage keeps it.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// When the id was made, where it is of version 7.
            pub fn created_at(self) -> Option<Timestamp> {
                made_at(self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse()
                    .map(Self)
                    .map_err(|_| IdError { text: text.to_owned(), noun: $noun })
            }
        }
    )+ };
}

id! {
    /// A client: a company the provider serves.
    ClientId = "a client";
    /// A contact: a person at a client, with or without a login.
    ContactId = "a contact";
    /// A user: a login, of staff, of a client or of a guest.
    UserId = "a user";
    /// A role: a named set of rights.
    RoleId = "a role";
    /// A group, of users in a client or of clients.
    GroupId = "a group";
    /// A container of any kind: project, ticket, job, library, workspace, or a client's root.
    ContainerId = "a container";
    /// An item: what can be shown or hidden one by one.
    ItemId = "an item";
    /// A project, where any other container would be wrong.
    ProjectId = "a project";
    /// A ticket, where any other container would be wrong.
    TicketId = "a ticket";
    /// A job, where any other container would be wrong.
    JobId = "a job";
    /// A library, where any other container would be wrong.
    LibraryId = "a library";
    /// A workspace, where any other container would be wrong.
    WorkspaceId = "a workspace";
    /// A sign-in session. The secret that opens it is never part of its id.
    SessionId = "a session";
    /// A one-time token. The secret that redeems it is never part of its id.
    TokenId = "a token";
    /// An entry of the audit.
    AuditId = "an audit";
    /// A mail waiting in the outbox.
    MailId = "a mail";
}

macro_rules! container {
    ($($name:ident)+) => { $(
        impl From<$name> for ContainerId {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }
    )+ };
}

container! { ProjectId TicketId JobId LibraryId WorkspaceId }

fn fresh(now: Timestamp, entropy: &dyn Entropy) -> Result<Uuid, EntropyError> {
    let mut random = [0; 10];
    entropy.fill(&mut random)?;
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    Ok(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

fn made_at(uuid: Uuid) -> Option<Timestamp> {
    if uuid.get_version_num() != 7 {
        return None;
    }
    let millis = i64::try_from(uuid.as_u128() >> 80).ok()?;
    Some(Timestamp::from_millis(millis))
}
