#![doc = include_str!("../README.md")]

mod answer;
mod builder;
mod error;
mod ldap;
mod lookup;
mod ppolicy;
mod tls;

pub use builder::LdapBuilder;
pub use error::SettingsError;
pub use ldap::Ldap;
pub use lookup::Lookup;
pub use portcullis_credentials::DirectoryLock;
pub use tls::{Encryption, Roots};
