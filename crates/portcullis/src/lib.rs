//! Client-portal access: people see exactly what was meant for them.

mod entrance;
mod entropy;
mod error;
#[cfg(feature = "rusqlite")]
mod joined;
mod me;
mod portal;
mod profile;
mod reading;
mod tx;

pub mod desk;
pub mod file;
pub mod presets;

pub use entropy::OsEntropy;
pub use error::{Error, ErrorKind};
pub use me::Me;
pub use portal::{Portal, PortalBuilder};
pub use profile::PortalProfile;
pub use tx::PortalTx;

pub use portcullis_access as access;
pub use portcullis_credentials as credentials;
pub use portcullis_id as id;
pub use portcullis_ledger as ledger;
#[cfg(feature = "memory")]
pub use portcullis_memory as memory;
#[cfg(feature = "rusqlite")]
pub use portcullis_rusqlite as rusqlite;
pub use portcullis_sharing as sharing;
