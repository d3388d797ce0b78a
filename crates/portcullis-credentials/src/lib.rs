//! Accounts that survive attackers, administrators and races.

mod account;
mod administer;
mod argon2id;
mod attempt;
mod budget;
mod change_password;
mod credentials;
mod error;
mod hasher;
mod invitation;
mod kdf;
mod lifecycle;
mod name;
mod password;
mod phc;
mod policy;
mod port;
mod proof;
mod refusal;
mod secret;
mod session;
mod sign_in;
mod source;
mod step;
mod token;
mod trail;

pub use account::{Account, Expiry, Tries};
pub use administer::{FirstPassword, HashedPassword, NewAccount};
pub use argon2id::Argon2id;
pub use budget::HashBudget;
pub use change_password::PasswordStep;
pub use credentials::Credentials;
pub use error::CredentialError;
pub use invitation::Invitation;
pub use kdf::{Kdf, KdfError, PasswordHash};
pub use name::{LoginName, NameFlaw};
pub use password::{NewPassword, PasswordFlaw, Retry};
pub use policy::{CredentialPolicy, CredentialSettings, Lock, PasswordSetBy, PolicyError};
pub use port::{
    Accounts, Attempts, CredentialTx, Purpose, Reserve, Session, Sessions, Settle, Token, Tokens,
    Who,
};
pub use proof::Proof;
pub use refusal::{Cause, Refusal, Shown};
pub use secrecy::SecretString;
pub use secret::{Digest, SessionSecret, TokenSecret};
pub use session::{Ended, LiveSession, SessionCheck};
pub use sign_in::SignIn;
pub use source::Source;
pub use step::{ChangePassword, Step};
