//! What people do to containers, items, members and defaults, one noun a file.
//!
//! Every command takes the unit of work and a [`SharingAct`](crate::SharingAct), asks the one rule
//! or the access core, changes, settles, and leaves an audit entry and a new revision in the same
//! unit of work.

pub mod container;
pub mod default;
pub mod item;
pub mod member;
