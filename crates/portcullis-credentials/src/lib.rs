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

mod accounts;
mod authentication;
mod credentials;
mod error;
mod factors;
mod hashes;
mod limits;
mod passwords;
mod policy;
mod port;
mod reseal;
mod sessions;
mod tokens;

pub use accounts::{
    Account, AccountEvent, Administrators, Expiry, FirstPassword, HashedPassword, LoginName,
    NameFlaw, NewAccount,
};
pub use authentication::{
    Cause, ChangePassword, Current, Directory, DirectoryAnswer, DirectoryError, DirectoryFault,
    DirectoryLock, DirectoryPassword, DirectoryRefusal, EnrolFactor, Fresh, Proof,
    Reauthentication, Refusal, SecondFactor, Shown, SignIn, Step,
};
pub use credentials::Credentials;
pub use error::CredentialError;
pub use factors::{EnrolStep, Enrolled, FactorCode, FactorOffer, FactorStep, RecoveryCodes};
pub use hashes::{
    Argon2id, HashBudget, Importing, Kdf, KdfError, KeyRing, KeyRingError, PasswordHash, Sealed,
};
pub use limits::{LockTimes, Reached, Source, Tries};
pub use passwords::{NewPassword, PasswordFlaw, PasswordStep, Retry};
pub use policy::{
    Characters, CredentialPolicy, CredentialSettings, InvitationPayload, InvitationTrigger, Lock,
    Mailing, Occasion, PasswordSetBy, PolicyError,
};
pub use port::{
    Accounts, Attempts, CredentialTx, Factor, FactorAttempts, FactorKind, Factors, FormerPassword,
    FormerPasswords, Purpose, Rate, Rates, Reserve, ReserveFactor, Session, Sessions, Settle,
    Spend, Token, Tokens, Who,
};
pub use reseal::{Resealed, SealedIn, Unopened};
pub use secrecy::SecretString;
pub use sessions::{Ended, LiveSession, OwnSession, SessionCheck};
pub use tokens::{Digest, Enclosed, Enclosure, Invitation, Link, SessionSecret, TokenSecret};
