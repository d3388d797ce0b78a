//! The policy: the settings of all these rules, and the check that they work together.

mod check;
mod error;
mod invitations;
mod lock;
mod settings;
#[cfg(test)]
mod tests;

pub use error::PolicyError;
pub use invitations::{InvitationPayload, InvitationTrigger, Mailing, Occasion};
pub use lock::Lock;
pub use settings::{Characters, CredentialPolicy, CredentialSettings, PasswordSetBy};

pub(crate) use settings::Guard;
