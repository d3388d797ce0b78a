//! What is measured; each bench lies beside this folder as one file, its world in here.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench stops where its world is wrong"
)]

pub mod decide_world;
pub mod draw;
pub mod host_world;
pub mod page_world;
