//! What goes wrong with Diesel and these databases, and does not go wrong here. The numbers are
//! those of the storage notes; the other pitfalls have their tests beside what they concern.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

mod postgres;
mod sqlite;
mod stage;
