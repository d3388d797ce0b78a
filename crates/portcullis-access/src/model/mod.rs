//! The nouns of the access core, one a file, as plain data.

mod affiliation;
mod client;
mod contact;
mod portal;
mod role;
mod user;

pub use affiliation::Affiliation;
pub use client::{Client, Light, sort_key};
pub use contact::Contact;
pub use portal::PortalState;
pub use role::Role;
pub use user::{User, UserKind};
