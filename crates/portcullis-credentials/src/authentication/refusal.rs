use crate::{DirectoryFault, DirectoryRefusal};
use portcullis_id::{State, Timestamp};
use std::fmt;

/// A "no": what the visitor may learn, and, apart from it, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Refusal {
    cause: Cause,
    of_link: bool,
}

/// What a visitor may be shown. Hidden and absent, right and wrong look the same (S26).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shown {
    /// User name or password is wrong, or may not be used now.
    InvalidCredentials,
    /// The link or the step does not work, or not any more.
    InvalidLink,
    /// The password was right and has run out in the directory that keeps it: a new one is set
    /// there.
    ChangeElsewhere,
    /// The code of the second factor is wrong, was used before, or may not be used now.
    InvalidCode,
    /// Who they are was confirmed too long ago for what they ask: it takes the password once more.
    ConfirmAgain,
    /// The portal is busy, or what it needs is.
    TryLater,
}

/// Why it was refused: for the audit and for staff, never for the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The text is no user name; nothing was counted (bug 10).
    UnusableName,
    /// Nobody has that name.
    UnknownName,
    /// The account has no password yet.
    NoPassword,
    /// The password is wrong.
    WrongPassword,
    /// What is stored as the password's hash is none that can be used; give out an invitation.
    UnusableHash,
    /// What is stored is sealed, and does not open: its key is not in the ring, or the row is another
    /// user's. [`reseal`](crate::Credentials::reseal) names the key.
    SealedHash,
    /// The password has more bytes than any may have.
    PasswordTooLong,
    /// Nothing, blanks or a NUL was typed where the directory would have been asked (bug 36).
    NoPasswordTyped,
    /// The directory refused.
    Directory(DirectoryRefusal),
    /// The directory gave no answer; the attempt was taken back.
    NoAnswer(DirectoryFault),
    /// The password is kept in the directory: it is not changed here (S31). Nothing was counted.
    InDirectory,
    /// Locked by wrong passwords: until when, with [`Timestamp::MAX`] for until an administrator
    /// unlocks.
    Locked(Timestamp),
    /// The code of the second factor is wrong.
    WrongCode,
    /// The code was right, and it or a later one was used before (bug 32).
    UsedCode,
    /// Codes of that kind are locked by wrong ones, as with [`Locked`](Self::Locked).
    FactorLocked(Timestamp),
    /// The password was right and the account is in no state to sign in.
    Standing(State),
    /// The account has changed while the answer was worked out, or since the token was made.
    Superseded,
    /// A [confirmation](crate::Fresh) has run out.
    NotFresh,
    /// There is no such token: never was, used, or replaced by a newer one.
    UnknownToken,
    /// The token has run out.
    ExpiredToken,
    /// Too much was asked from this source in a short time, whoever was meant; nothing was counted
    /// and nothing written to the audit.
    TooManyFromSource,
    /// Too many hashes at once; nothing was counted and nothing written to the audit.
    Overloaded,
}

impl Refusal {
    pub(crate) const fn new(cause: Cause) -> Self {
        Self {
            cause,
            of_link: false,
        }
    }

    /// The same to who came by a link or an open step: nobody asked them for a user name, and what
    /// has become of the account is not theirs to learn.
    pub(crate) const fn to_link(self) -> Self {
        Self {
            of_link: true,
            ..self
        }
    }

    /// What the visitor may learn.
    pub const fn shown(&self) -> Shown {
        match self.cause {
            Cause::UnknownToken | Cause::ExpiredToken => Shown::InvalidLink,
            Cause::NotFresh => Shown::ConfirmAgain,
            Cause::TooManyFromSource | Cause::Overloaded | Cause::NoAnswer(_) => Shown::TryLater,
            Cause::WrongCode | Cause::UsedCode | Cause::FactorLocked(_) => Shown::InvalidCode,
            Cause::InDirectory
            | Cause::Directory(DirectoryRefusal::MustChange | DirectoryRefusal::PasswordExpired) => {
                Shown::ChangeElsewhere
            }
            _ if self.of_link => Shown::InvalidLink,
            _ => Shown::InvalidCredentials,
        }
    }

    /// Why, for the audit and for staff.
    pub const fn cause(&self) -> Cause {
        self.cause
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidCredentials => "user name or password is wrong, or cannot be used now",
            Self::InvalidLink => "this link does not work any more; ask for a new one",
            Self::ChangeElsewhere => {
                "the password of this account is kept elsewhere; set a new one there"
            }
            Self::InvalidCode => {
                "the code is wrong, was used before, or cannot be used now; wait for the next one"
            }
            Self::ConfirmAgain => "this takes your password once more; confirm who you are",
            Self::TryLater => "the portal is busy; try again in a moment",
        })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnusableName => f.write_str("not a user name"),
            Self::UnknownName => f.write_str("unknown user name"),
            Self::NoPassword => f.write_str("no password set yet"),
            Self::WrongPassword => f.write_str("wrong password"),
            Self::UnusableHash => f.write_str("stored hash cannot be used"),
            Self::SealedHash => f.write_str("stored hash does not open; look at the key ring"),
            Self::PasswordTooLong => f.write_str("password too long"),
            Self::NoPasswordTyped => f.write_str("no password typed"),
            Self::Directory(refusal) => write!(f, "refused by the directory: {refusal}"),
            Self::NoAnswer(fault) => write!(f, "the directory {fault}"),
            Self::InDirectory => f.write_str("password kept in the directory"),
            Self::Locked(Timestamp::MAX) => f.write_str("locked until an administrator unlocks"),
            Self::Locked(until) => write!(f, "locked until {until}"),
            Self::WrongCode => f.write_str("wrong code"),
            Self::UsedCode => f.write_str("code used before"),
            Self::FactorLocked(Timestamp::MAX) => {
                f.write_str("codes locked until an administrator unlocks")
            }
            Self::FactorLocked(until) => write!(f, "codes locked until {until}"),
            Self::Standing(state) => write!(f, "account {}", word(*state)),
            Self::Superseded => f.write_str("account changed meanwhile"),
            Self::NotFresh => f.write_str("confirmed too long ago"),
            Self::UnknownToken => f.write_str("token unknown or used"),
            Self::ExpiredToken => f.write_str("token expired"),
            Self::TooManyFromSource => f.write_str("too many attempts from this source"),
            Self::Overloaded => f.write_str("overloaded"),
        }
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Invited => "invited",
        State::ChangeDue => "due a password change",
        State::Suspended => "suspended",
        State::Expired => "expired",
        State::Disabled => "disabled",
        State::Absent => "removed",
        _ => "not usable",
    }
}
