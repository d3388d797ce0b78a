//! Sessions: begun with a proof, checked at every request, listed and ended by their owner.

mod own;
mod session;

pub use own::OwnSession;
pub use session::{Ended, LiveSession, SessionCheck};
