//! What nobody would type, and clocks that nobody should have: counted where it must be, stored
//! where it is stored, and never a fault (bugs 10, 11, 14 and 28).

use super::attempts::{Accounts, RIGHT};
use crate::{CredentialHarness, NOW};
use portcullis::credentials::{Cause, CredentialTx, Lock, LoginName, SecretString, SignIn, Source};
use portcullis::id::{Timestamp, minutes};
use portcullis::ledger::Store;

const WRONG: &str = "some wrong password";

/// A name that is none counts against nobody; odd passwords of somebody count like any wrong one.
/// Each is in the audit, wherever it came from.
pub fn bug10_bug11_bug28_what_nobody_would_type_is_counted_and_kept<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    let written = || accounts.read(|tx| tx.audit(1_000)).len();
    let before = written();
    let huge = "a".repeat(10_000_000);
    let names = [
        "",
        " ",
        "\t\n",
        "\0",
        "a\0da",
        "ada\0",
        "\u{202e}ada",
        "\u{feff}",
        &huge,
    ];
    for name in names {
        let cause = refused(&accounts, name, RIGHT, "10.0.0.1");
        assert_eq!(cause, Cause::UnusableName, "{:.20}", name.escape_debug());
    }
    assert_eq!(written() - before, names.len());
    let tries = || accounts.read(|tx| tx.account(ada)).unwrap().tries;
    assert_eq!(tries().serial, 0, "counted against nobody");

    let nul = format!("{RIGHT}\0");
    for (password, cause) in [
        ("", Cause::WrongPassword),
        ("\0", Cause::WrongPassword),
        (nul.as_str(), Cause::WrongPassword),
        (huge.as_str(), Cause::PasswordTooLong),
    ] {
        let counted = tries().counted;
        let odd = format!("\0\u{202e}{huge}");
        assert_eq!(refused(&accounts, "ada", password, &odd), cause);
        assert_eq!(tries().counted, counted + 1);
    }
    assert_eq!(written() - before, names.len() + 4);
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), Ok(ada));
}

/// A lock holds until its last tick and no longer, at the ends of time as well; a clock that is set
/// back unlocks nothing, and no count wraps.
pub fn bug14_a_lock_holds_to_its_tick_at_the_ends_of_time<H: CredentialHarness>() {
    let longest = Lock::Timed { minutes: 525_600 };
    for (lock, start) in [
        (Lock::Timed { minutes: 1 }, NOW),
        (longest, NOW),
        (longest, Timestamp::from_millis(0)),
        (longest, Timestamp::from_millis(Timestamp::MAX.millis() - 1)),
        (Lock::UntilAdmin, NOW),
    ] {
        let store = H::fresh();
        let accounts = Accounts::of(&store, lock, 64);
        let ada = accounts.add("ada");
        for _ in 0..5 {
            let guess = accounts.attempt("ada", WRONG, start);
            assert_eq!(guess, Err(Cause::WrongPassword), "{lock:?} {start}");
        }
        let until = match lock {
            Lock::Timed { minutes: n } => start.after(minutes(n)),
            _ => Timestamp::MAX,
        };
        let locked = Err(Cause::Locked(until));
        let last = Timestamp::from_millis(until.millis() - 1);
        for at in [
            start,
            last,
            Timestamp::from_millis(0),
            start.before(minutes(5)),
        ] {
            assert_eq!(
                accounts.attempt("ada", RIGHT, at),
                locked,
                "{lock:?} at {at}"
            );
        }
        if until < Timestamp::MAX {
            let out = accounts.attempt("ada", RIGHT, until);
            assert_eq!(out, Ok(ada), "{lock:?}: sat out");
        }
    }
}

/// A name is kept as it was typed, in whatever script, and found again by it.
pub fn bug08_names_of_all_scripts_are_kept_and_found<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    for (name, typed) in [
        ("Ren\u{e9}", "rene\u{301}"),
        ("\u{ff2a}\u{ff2f}\u{ff28}\u{ff2e}", "john"),
        ("\u{5d0}\u{5d3}\u{5d4}", "\u{5d0}\u{5d3}\u{5d4}"),
        ("m\u{131}ke", "m\u{131}ke"),
    ] {
        let user = accounts.add(name);
        assert_eq!(accounts.attempt(typed, RIGHT, NOW), Ok(user), "{name}");
        let kept = accounts.read(|tx| tx.account(user)).unwrap().name;
        assert_eq!(kept.shown(), name);
        assert_eq!(kept, LoginName::parse(typed).unwrap());
    }
    assert_eq!(
        accounts.attempt("mike", RIGHT, NOW),
        Err(Cause::UnknownName)
    );
}

fn refused<S>(accounts: &Accounts<'_, S>, name: &str, password: &str, source: &str) -> Cause
where
    S: Store,
    S::Tx: CredentialTx,
{
    let (password, source) = (SecretString::from(password), Source::new(source));
    let credentials = &accounts.credentials;
    match credentials.sign_in(accounts.store, name, &password, &source, NOW) {
        Ok(SignIn::Refused(refusal)) => refusal.cause(),
        other => panic!("{other:?}"),
    }
}
