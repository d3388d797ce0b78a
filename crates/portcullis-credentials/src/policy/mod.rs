//! The policy: the settings of all these rules, and the check that they work together.

mod check;
mod credential_policy;
mod error;
mod invitations;
mod lock;
mod settings;
#[cfg(test)]
mod tests;
mod weaknesses;

pub use credential_policy::CredentialPolicy;
pub use error::PolicyError;
pub use invitations::{InvitationPayload, InvitationTrigger, Mailing, Occasion};
pub use lock::Lock;
pub use settings::{Characters, CredentialSettings, PasswordSetBy};

pub(crate) use credential_policy::Guard;
