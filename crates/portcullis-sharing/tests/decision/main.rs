//! The one rule, gate by gate and by its laws. Test names carry the row of the requirements.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong, in its helpers too"
)]

mod bits;
mod container;
mod explain;
mod gate_01_portal_active;
mod gate_02_licence;
mod gate_03_standing;
mod gate_04_client_usable;
mod gate_05_client_lock;
mod gate_06_reach;
mod gate_07_area;
mod gate_08_right;
mod gate_09_exposure;
mod gate_10_lifecycle;
mod gate_11_fields;
mod gate_12_set_up;
mod laws;
mod matrix;
mod monotone;
mod random;
mod reference;
mod seen;
mod stale;
mod verbs;
mod world;
