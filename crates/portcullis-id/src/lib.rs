//! The few words that every Portcullis crate shares.
//!
//! A provider serves clients; people at those clients log in. To speak about them without ever
//! mixing them up, each noun has an id type of its own ([`ClientId`], [`UserId`], [`ItemId`] ..),
//! time is a [`Timestamp`] that the caller passes in, randomness is an [`Entropy`] that the caller
//! passes in, and a host that keeps its own tables hands us its own keys as [`HostKey`]s.
//!
//! ```
//! use portcullis_id::{ClientId, HostKey, Timestamp, Entropy, EntropyError};
//!
//! struct Counting;
//! impl Entropy for Counting {
//!     fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
//!         for (i, byte) in (0u8..).zip(bytes.iter_mut()) { *byte = i; }
//!         Ok(())
//!     }
//! }
//! let now = Timestamp::from_millis(1_700_000_000_000);
//! let client = ClientId::new(now, &Counting)?;
//! assert_eq!(client.created_at(), Some(now));
//! assert_eq!(HostKey::from(17).to_string(), "17");
//! # Ok::<(), EntropyError>(())
//! ```
//!
//! Two ids cannot be swapped:
//!
//! ```compile_fail,E0308
//! use portcullis_id::{ClientId, ContactId};
//! fn open(_: ClientId) {}
//! fn wrong(contact: ContactId) { open(contact); }
//! ```

mod entropy;
mod epoch;
mod id;
mod key;
mod standing;
mod time;

pub use entropy::{Entropy, EntropyError};
pub use epoch::Epoch;
pub use id::{
    AuditId, ClientId, ContactId, ContainerId, GroupId, IdError, ItemId, JobId, LibraryId, MailId,
    ProjectId, RoleId, SessionId, TicketId, TokenId, UserId, WorkspaceId,
};
pub use key::{HostKey, KeyError, KeyType, KeyUuid};
pub use standing::{Standing, State};
pub use time::{Timestamp, days, hours, minutes};
