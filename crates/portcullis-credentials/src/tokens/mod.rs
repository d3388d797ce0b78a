//! One-time tokens: their secrets, what a new password is set on the strength of, and the links,
//! invitations and mails that carry them.

mod invitation;
mod link;
mod mailed;
mod redeem;
mod reset;
mod secret;
mod token;

pub use invitation::Invitation;
pub use link::Link;
pub use mailed::{Enclosed, Enclosure};
pub use secret::{Digest, SessionSecret, TokenSecret};

pub(crate) use link::check_base;
pub(crate) use mailed::sealed_for;
pub(crate) use token::live;
