use portcullis_id::{
    AuditId, ClientId, ContactId, ContainerId, Epoch, GroupId, HostKey, ItemId, JobId, KeyUuid,
    LibraryId, MailId, ProjectId, RoleId, SessionId, TicketId, Timestamp, TokenId, UserId,
    WorkspaceId,
};
use portcullis_ledger::Revision;
use uuid::Uuid;

/// A value for a `?`. NULL keeps its type, because PostgreSQL asks for it.
///
/// ```
/// use portcullis_sql::Val;
/// assert_eq!(Val::from(true), Val::Int(Some(1)));
/// assert_eq!(Val::from(None::<portcullis_id::ClientId>), Val::Id(None));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Val<'a> {
    /// BIGINT, or INTEGER on SQLite.
    Int(Option<i64>),
    /// UUID, or a 16-byte BLOB on SQLite.
    Id(Option<Uuid>),
    /// TEXT, compared in binary.
    Text(Option<&'a str>),
    /// BYTEA, or BLOB on SQLite.
    Bytes(Option<&'a [u8]>),
}

/// Shows the type and never the value: parameters hold password hashes and names.
impl std::fmt::Debug for Val<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Int(_) => "Int(..)",
            Self::Id(_) => "Id(..)",
            Self::Text(_) => "Text(..)",
            Self::Bytes(_) => "Bytes(..)",
        })
    }
}

/// An id of our own, as a column keeps it.
pub trait Id: Copy {
    /// The id read back.
    fn from_uuid(uuid: Uuid) -> Self;
}

macro_rules! from {
    ($($type:ty => $variant:ident($value:ident: $cell:expr);)+) => { $(
        impl From<$type> for Val<'_> {
            fn from($value: $type) -> Self {
                Self::$variant(Some($cell))
            }
        }

        impl From<Option<$type>> for Val<'_> {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(|$value| $cell))
            }
        }
    )+ };
}

macro_rules! ids {
    ($($id:ident)+) => {
        from! { $($id => Id(id: id.uuid());)+ }

        $(impl Id for $id {
            fn from_uuid(uuid: Uuid) -> Self {
                Self::from_uuid(uuid)
            }
        })+
    };
}

from! {
    Uuid => Id(id: id);
    i64 => Int(number: number);
    u32 => Int(number: i64::from(number));
    bool => Int(flag: i64::from(flag));
    Timestamp => Int(time: time.millis());
    Revision => Int(revision: revision.number());
    Epoch => Int(epoch: epoch.number());
}

ids! {
    AuditId ClientId ContactId ContainerId GroupId ItemId JobId LibraryId MailId ProjectId RoleId
    SessionId TicketId TokenId UserId WorkspaceId
}

impl<'a> From<&'a str> for Val<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<&'a String> for Val<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Val<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Val<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl<'a> From<Option<&'a [u8]>> for Val<'a> {
    fn from(bytes: Option<&'a [u8]>) -> Self {
        Self::Bytes(bytes)
    }
}

/// A host's key in its native type, never cast.
impl<'a> From<&'a HostKey> for Val<'a> {
    fn from(key: &'a HostKey) -> Self {
        match key {
            HostKey::Int(number) => Self::Int(Some(*number)),
            HostKey::Uuid(KeyUuid(uuid)) => Self::Id(Some(*uuid)),
            HostKey::Text(text) => Self::Text(Some(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_keeps_its_type() {
        assert_eq!(Val::from(None::<i64>), Val::Int(None));
        assert_eq!(Val::from(None::<Timestamp>), Val::Int(None));
        assert_eq!(Val::from(None::<UserId>), Val::Id(None));
        assert_eq!(Val::from(None::<&str>), Val::Text(None));
        assert_eq!(Val::from(None::<&[u8]>), Val::Bytes(None));
    }

    #[test]
    fn a_host_key_keeps_its_native_type() {
        assert_eq!(Val::from(&HostKey::from(7)), Val::Int(Some(7)));
        assert_eq!(Val::from(&HostKey::from("7")), Val::Text(Some("7")));
        let uuid = Uuid::from_u128(7);
        assert_eq!(Val::from(&HostKey::from(uuid)), Val::Id(Some(uuid)));
    }

    #[test]
    fn a_value_never_shows_in_debug() {
        assert_eq!(format!("{:?}", Val::from("$argon2id$secret")), "Text(..)");
    }
}
