//! Authentication: the sign-in from name and password to its proof, through the directory too, and
//! who they are asked once more.

mod directory;
mod onward;
mod proof;
mod reauthenticate;
mod refusal;
mod sign_in;
mod step;
mod through_directory;
mod turn_away;
mod verdict;
mod whole;

pub use directory::{
    Directory, DirectoryAnswer, DirectoryError, DirectoryFault, DirectoryLock, DirectoryPassword,
    DirectoryRefusal,
};
pub use proof::Proof;
pub use reauthenticate::{Current, Fresh, Reauthentication};
pub use refusal::{Cause, Refusal, Shown};
pub use sign_in::SignIn;
pub use step::{ChangePassword, EnrolFactor, SecondFactor, Step};

pub(crate) use verdict::Verdict;
pub(crate) use whole::{Undone, Why, whole};
