//! The store itself: how it is opened, who waits for whom, and what a request costs on a server.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is wrong"
)]

mod joined;
mod opening;
mod places;
mod requests;
mod turns;
mod wire;
