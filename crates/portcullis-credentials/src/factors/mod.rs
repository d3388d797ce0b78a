//! Second factors: authenticator apps and recovery codes, the step of a sign-in that asks for them,
//! and how they are set up and taken away.

mod administer;
mod code;
mod enrol;
mod own;
mod recovery;
mod second_factor;
mod totp;

pub use code::FactorCode;
pub use enrol::{EnrolStep, Enrolled};
pub use recovery::RecoveryCodes;
pub use second_factor::FactorStep;
pub use totp::FactorOffer;

pub(crate) use code::{Counted, SEALED_FOR};
pub(crate) use second_factor::Demand;
