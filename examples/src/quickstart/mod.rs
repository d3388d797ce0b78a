//! The program behind `cargo run --example quickstart`.

mod args;
mod cast;
mod failure;
mod people;
mod place;
mod report;
mod scenes;
mod story;
mod table;

pub use failure::Failure;

use args::Args;
use place::{Arrival, Origin};
use std::ffi::OsString;
use std::io::Write;

/// The portal, over SQLite.
type Portal = portcullis::Portal<portcullis::rusqlite::Store>;

/// The portal that comes with the program.
const SHIPPED: &str = include_str!("../../quickstart/portal.json");

/// Runs the program with these arguments. What it prints to `out` is the same on every run over
/// the same database; what happened to the database is told on `err`.
///
/// # Errors
/// One sentence, with the database left as it was, for arguments that make no sense, a portal file
/// that is missing or broken, and a database that is locked, foreign, newer, or made from another
/// file.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), Failure> {
    let args = Args::parse(args)?;
    let origin = match &args.file {
        Some(path) => Origin::read(path)?,
        None => Origin::parse("portal.json".to_owned(), SHIPPED)?,
    };
    let (portal, arrival) = origin.portal(&args.db, args.now)?;
    let told = match arrival {
        Arrival::Imported => "imported the portal file, made",
        Arrival::Found => "carrying on with",
    };
    writeln!(err, "quickstart: {told} `{}`", args.db.display())?;
    // All of it or nothing: what was stopped half-way by a fault is not printed.
    let mut told = Vec::new();
    match args.file {
        Some(_) => report::tell(&portal, args.now, args.items, &mut told)?,
        None => story::play(&portal, args.now, &mut told)?,
    }
    out.write_all(&told)?;
    Ok(out.flush()?)
}
