//! The portal file: a whole portal as one JSON document, for founding, moving and testing.

mod desk;
mod document;
mod error;
mod export;
mod import;
mod json;
mod keys;
mod order;
mod password;

pub use document::{
    AccountPart, AffiliationPart, ClientPart, ContactPart, ContainerPart, DefaultsPart, ExpiryPart,
    ItemPart, ItemRef, MemberPart, PasswordPart, PortalFile, PortalPart, RolePart, UserPart,
};
pub use error::FileError;
