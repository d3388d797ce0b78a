use crate::Source;
use chrono::TimeDelta;
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::StoreError;

/// How often something may be asked for, beside the counters of accounts and factors.
///
/// One row a key holds the moment at which all that was asked for has been paid back (the generic
/// cell rate algorithm). Nothing is ever given back but by time, so a success resets nothing
/// (bug 16).
pub trait Rates {
    /// Asks for one more, and answers until when all of it is spent; `None`, and nothing changed,
    /// when it is too much.
    ///
    /// One statement, with `:x` the fields of `spend` and `spent_until` the value before:
    ///
    /// ```sql
    /// INSERT INTO rate (what, whose, spent_until) VALUES (:what, :whose, :paid)
    /// ON CONFLICT (what, whose) DO UPDATE SET
    ///   spent_until = CASE WHEN spent_until > :now AND spent_until <= :latest
    ///                 THEN spent_until + :cost ELSE :paid END
    /// WHERE spent_until <= :latest OR spent_until > :beyond
    /// RETURNING spent_until
    /// ```
    ///
    /// What is spent until later than `beyond` was spent by a clock that has been set back since,
    /// and counts no more: nobody is to wait until the clock is there again.
    fn spend(&mut self, spend: &Spend<'_>) -> Result<Option<Timestamp>, StoreError>;

    /// Drops every row of `what` with `spent_until <= now`, which count for nothing any more; how
    /// many:
    ///
    /// ```sql
    /// DELETE FROM rate WHERE what = :what AND spent_until <= :now
    /// ```
    fn drop_rates(&mut self, what: &str, now: Timestamp) -> Result<u64, StoreError>;
}

/// What is limited, and whose it is: a canonical value of ours, never a text that somebody chose
/// (bug 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rate<'a> {
    /// Everything that a visitor asks, by where they ask from.
    Source(&'a Source),
    /// Mails with a link to a new password, by who gets them.
    Reset(UserId),
    /// New user names, by who asks for them (choice 16).
    Names(UserId),
}

impl Rate<'_> {
    /// Every name that [`what`](Self::what) may answer.
    pub const KINDS: [&'static str; 3] = ["source", "reset", "names"];

    /// The stable name of what is limited, as storage keeps it.
    pub const fn what(&self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::Reset(_) => "reset",
            Self::Names(_) => "names",
        }
    }

    /// Whose it is, as storage keeps it.
    pub fn whose(&self) -> String {
        match self {
            Self::Source(source) => source.key().to_owned(),
            Self::Reset(user) | Self::Names(user) => user.to_string(),
        }
    }
}

/// One more of something limited. All arithmetic is done.
#[derive(Clone, Copy, Debug)]
pub struct Spend<'a> {
    /// Of what.
    pub rate: Rate<'a>,
    /// When.
    pub now: Timestamp,
    /// What one costs: the time in which it is paid back.
    pub cost: TimeDelta,
    /// `now` and the cost: until when one is spent where there was none.
    pub paid: Timestamp,
    /// Whatever is spent until later than this leaves no room for one more.
    pub latest: Timestamp,
    /// No spending ends later than this, by this clock or one that is a minute ahead.
    pub beyond: Timestamp,
}
