//! The contracts of the ports, case by case.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where something is wrong, in its helpers too"
)]

mod accounts;
mod attempts;
mod clients;
mod items;
mod lists;
mod memberships;
mod people;
mod roles;
mod rows;
mod sessions;
