//! From an empty folder to people signing in and seeing exactly what was shared with each.
//!
//! ```text
//! cargo run --example quickstart                                    the story, over portal.db
//! cargo run --example quickstart -- --db FILE                       the same, over FILE
//! cargo run --example quickstart -- PORTAL.json --db FILE           who sees what in a file
//! cargo run --example quickstart -- PORTAL.json --db FILE --items   and by key
//! ```
//!
//! The program itself is in `src/quickstart/`: `place.rs` opens or makes the database, `story.rs`
//! is what happens, `report.rs` is who sees what. The portal it plays in is
//! `quickstart/portal.json`.

use std::io::{stderr, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = std::env::args_os().skip(1);
    match examples::quickstart::run(args, &mut stdout().lock(), &mut stderr().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // One sentence, whatever went wrong. Nothing can be done if stderr is gone too.
            let _ = std::io::Write::write_fmt(
                &mut stderr().lock(),
                format_args!("quickstart: {failure}\n"),
            );
            ExitCode::FAILURE
        }
    }
}
