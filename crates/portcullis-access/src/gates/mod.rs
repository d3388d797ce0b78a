//! The gates of the access core, one a file: 1 to 5, 7 and 8. The sharing crate has the others
//! and the one walk through all twelve.

pub mod area;
pub mod client_lock;
pub mod client_usable;
pub mod licence;
pub mod portal_active;
pub mod right;
pub mod standing;
