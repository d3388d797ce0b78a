//! What people do to clients, contacts, users, roles and the portal, one noun a file.
//!
//! Every command takes the unit of work and an [`Act`](crate::Act), asks for the right it needs,
//! changes, and leaves an audit entry and a new revision in the same unit of work.

pub mod affiliation;
pub mod client;
pub mod contact;
pub mod own;
pub mod portal;
pub mod role;
pub mod user;

mod delegation;

pub use delegation::{administers, administrators, managed as managed_user, no_more_than_oneself};
