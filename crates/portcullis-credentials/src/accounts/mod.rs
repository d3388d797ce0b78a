//! Accounts: the row and its user name, what an administrator does to them, and the trail that each
//! change leaves.

mod account;
mod administer;
mod administrators;
mod event;
mod lifecycle;
mod name;
mod trail;

pub use account::{Account, Expiry};
pub use administer::{FirstPassword, HashedPassword, NewAccount};
pub use administrators::Administrators;
pub use event::AccountEvent;
pub use name::{LoginName, NameFlaw};

pub(crate) use lifecycle::in_hand;
pub(crate) use trail::Trail;
