use super::Failure;
use portcullis::id::Timestamp;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// What was asked for on the command line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Args {
    /// The portal file; none asks for the story with the file that comes with the program.
    pub(super) file: Option<PathBuf>,
    /// The database.
    pub(super) db: PathBuf,
    /// Whether keys are listed.
    pub(super) items: bool,
    /// The moment everything is decided at.
    pub(super) now: Timestamp,
}

/// Monday, 16 March 2026, 9:00 UTC: when the story happens. It is no clock, so that two runs on
/// two days print the same.
pub(super) const STORY: Timestamp = Timestamp::from_millis(1_773_651_600_000);

const USAGE: &str = "usage: quickstart [PORTAL.json] [--db FILE] [--items] [--at MILLISECONDS]";

impl Args {
    pub(super) fn parse(given: impl IntoIterator<Item = OsString>) -> Result<Self, Failure> {
        let mut args = Self {
            file: None,
            db: PathBuf::from("portal.db"),
            items: false,
            now: STORY,
        };
        let mut given = given.into_iter();
        while let Some(arg) = given.next() {
            match arg.to_str() {
                Some("--db") => args.db = given.next().ok_or_else(usage)?.into(),
                Some("--items") => args.items = true,
                Some("--at") => {
                    let text = given.next().ok_or_else(usage)?;
                    args.now = moment(&text).ok_or_else(usage)?;
                }
                Some(option) if option.starts_with('-') => return Err(usage()),
                _ if args.file.is_some() => return Err(usage()),
                _ => args.file = Some(arg.into()),
            }
        }
        if args.file.is_none() && (args.items || args.now != STORY) {
            return Err(usage());
        }
        Ok(args)
    }
}

fn moment(text: &OsStr) -> Option<Timestamp> {
    let millis = text.to_str()?.parse().ok()?;
    Some(Timestamp::from_millis(millis))
}

fn usage() -> Failure {
    Failure::new(USAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Option<Args> {
        Args::parse(line.split_whitespace().map(OsString::from)).ok()
    }

    #[test]
    fn the_story_needs_no_argument() {
        let args = parse("").unwrap();
        assert_eq!((args.file, args.db), (None, PathBuf::from("portal.db")));
    }

    #[test]
    fn a_file_may_come_before_or_after_the_database() {
        let there = parse("a.json --db b.db --items --at 7").unwrap();
        assert_eq!(there, parse("--at 7 --items --db b.db a.json").unwrap());
        assert_eq!(there.now, Timestamp::from_millis(7));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in ["--db", "a b", "--what", "--items", "--at noon a", "a --at"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
