//! The credential rules over a host's own store, by rows and bugs.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong, in its helpers too"
)]

mod accounts;
mod by_design;
mod costs;
mod directory;
mod factor_changes;
mod history;
mod lasting_locks;
mod lockout;
mod lockout_model;
mod lost_keys;
mod mails;
mod oathtool;
mod passwords;
mod phone;
mod rates;
mod reauthentication;
mod rehash;
mod reset;
mod reset_asked;
mod sealed_hashes;
mod second_factor;
mod sessions;
mod sign_in;
mod store;
mod store_factors;
mod store_former;
mod store_rates;
mod tokens;
mod world;
