//! Accounts that survive attackers, administrators and races.
//!
//! Ada types her name and password. Before the password is looked at, the attempt is counted, in a
//! commit of its own, by one conditional statement: forty guesses at once get as many tries as one
//! after the other. Then one hash is computed, whether Ada exists or not. Then the outcome is
//! settled, with its audit entry, and comes back as a value whose arms carry the only way on:
//!
//! ```
//! use portcullis_credentials::*;
//! use portcullis_id::Timestamp;
//! use portcullis_ledger::Store;
//!
//! enum Page { Portal(SessionSecret), NewPassword(TokenSecret), Code(TokenSecret), SignIn(String) }
//!
//! fn sign_in<S>(
//!     credentials: &Credentials, store: &S, name: &str, password: &SecretString, now: Timestamp,
//! ) -> Result<Page, CredentialError>
//! where
//!     S: Store,
//!     S::Tx: CredentialTx,
//! {
//!     Ok(match credentials.sign_in(store, name, password, &Source::new("10.0.0.1"), now)? {
//!         SignIn::Done(proof) => Page::Portal(credentials.start_session(store, proof, now)?),
//!         SignIn::ChangePassword(step) => Page::NewPassword(step.into_secret()),
//!         SignIn::SecondFactor(step) => Page::Code(step.into_secret()),
//!         SignIn::Refused(refusal) => Page::SignIn(refusal.shown().to_string()),
//!         _ => Page::SignIn("this program is older than its portal".to_owned()),
//!     })
//! }
//! ```
//!
//! The wrong turns do not compile: a session cannot be made from an open step, a step cannot be
//! answered twice, an outcome cannot be ignored, a secret cannot be printed, and a sign-in cannot
//! run inside a transaction that its caller may roll back. See [`SignIn`], [`Step`] and
//! [`Credentials::sign_in`] for each.
//!
//! A host keeps the accounts where it likes: it implements eight small ports, [`Accounts`],
//! [`Attempts`], [`Tokens`], [`Sessions`], [`Factors`], [`FactorAttempts`], [`FormerPasswords`] and
//! [`Rates`], beside the [`Ledger`](portcullis_ledger::Ledger) on its unit of work. Each method is one
//! statement and holds no rule; the rules are here. They run on the host's clock, its randomness and its
//! [`Kdf`], and know no database.

mod account;
mod administer;
mod administer_factor;
mod administrators;
mod argon2id;
mod attempt;
mod blocklist;
mod budget;
mod change_password;
mod context;
mod credentials;
mod directory;
mod enrol_factor;
mod error;
mod event;
mod factor_code;
mod generate;
mod guesses;
mod hasher;
mod history;
mod import;
mod invitation;
mod kdf;
mod key_ring;
mod lifecycle;
mod link;
mod locked;
mod mailed;
mod name;
mod own_factor;
mod own_session;
mod password;
mod phc;
mod policy;
mod port;
mod proof;
mod rate;
mod reauthenticate;
mod recovery;
mod refusal;
mod rehash;
mod reset;
mod sealed_hash;
mod second_factor;
mod secret;
mod session;
mod sign_in;
mod source;
mod step;
mod through_directory;
mod token;
mod totp;
mod trail;
mod tries;

pub use account::{Account, Expiry};
pub use administer::{FirstPassword, HashedPassword, NewAccount};
pub use administrators::Administrators;
pub use argon2id::Argon2id;
pub use budget::HashBudget;
pub use change_password::PasswordStep;
pub use credentials::Credentials;
pub use directory::{
    Directory, DirectoryAnswer, DirectoryError, DirectoryFault, DirectoryLock, DirectoryPassword,
    DirectoryRefusal,
};
pub use enrol_factor::{EnrolStep, Enrolled};
pub use error::CredentialError;
pub use event::AccountEvent;
pub use factor_code::FactorCode;
pub use import::Importing;
pub use invitation::Invitation;
pub use kdf::{Kdf, KdfError, PasswordHash};
pub use key_ring::{KeyRing, KeyRingError, Sealed};
pub use link::Link;
pub use mailed::{Enclosed, Enclosure};
pub use name::{LoginName, NameFlaw};
pub use own_session::OwnSession;
pub use password::{NewPassword, PasswordFlaw, Retry};
pub use policy::{
    Characters, CredentialPolicy, CredentialSettings, InvitationPayload, InvitationTrigger, Lock,
    Mailing, Occasion, PasswordSetBy, PolicyError,
};
pub use port::{
    Accounts, Attempts, CredentialTx, Factor, FactorAttempts, FactorKind, Factors, FormerPassword,
    FormerPasswords, Purpose, Rate, Rates, Reserve, ReserveFactor, Session, Sessions, Settle,
    Spend, Token, Tokens, Who,
};
pub use proof::Proof;
pub use reauthenticate::{Current, Fresh, Reauthentication};
pub use recovery::RecoveryCodes;
pub use refusal::{Cause, Refusal, Shown};
pub use second_factor::FactorStep;
pub use secrecy::SecretString;
pub use secret::{Digest, SessionSecret, TokenSecret};
pub use session::{Ended, LiveSession, SessionCheck};
pub use sign_in::SignIn;
pub use source::Source;
pub use step::{ChangePassword, EnrolFactor, SecondFactor, Step};
pub use totp::FactorOffer;
pub use tries::{LockTimes, Reached, Tries};
