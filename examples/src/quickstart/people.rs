//! People sign in: some get in, one after setting a new password, and some do not.

use super::cast::{self, Person};
use super::table::Table;
use super::{Failure, Portal};
use portcullis::credentials::{
    Cause, Current, NewPassword, PasswordStep, Reauthentication, Refusal, SecretString,
    SessionSecret, SignIn, Source,
};
use portcullis::id::{Timestamp, UserId};
use std::io::Write;

/// Whoever signed in, with the secret that a browser would keep in its cookie.
pub(super) struct Session {
    pub(super) person: Person,
    pub(super) secret: SessionSecret,
}

/// Everybody comes to the door.
pub(super) fn arrive(
    portal: &Portal,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<Vec<Session>, Failure> {
    let mut table = Table::new(["types", "is told", "the audit knows"]);
    let mut sessions = Vec::new();
    for person in [
        cast::ADA,
        cast::TOM,
        cast::BOB,
        cast::CAROL,
        cast::DAVE,
        cast::NORA,
        cast::GUS,
    ] {
        let outcome = try_in(portal, person.login, person.password, now)?;
        sessions.push(Session {
            person,
            secret: session(portal, outcome, now)?,
        });
        table.row([person.login, "welcome", "signed in"]);
    }
    sessions.push(Session {
        person: cast::LENA,
        secret: with_new_password(portal, now)?,
    });
    table.row([
        cast::LENA.login,
        "set a new password first; then welcome",
        "a change was due, and was made",
    ]);

    let threshold = portal.profile().credentials.lock_threshold;
    for _ in 0..threshold {
        // The first time it is a wrong password, and when she is locked already that she is.
        let _ = refused(try_in(portal, cast::ROSA.login, cast::WRONG, now)?)?;
    }
    let typed = format!("{}, {threshold} times wrong, then right", cast::ROSA.login);
    let no = refused(try_in(portal, cast::ROSA.login, cast::ROSA.password, now)?)?;
    table.row([typed, no.shown().to_string(), no.cause().to_string()]);
    for (typed, password) in [
        ("ROSA@Cedar.example", cast::ROSA.password),
        (cast::EMIL.login, cast::EMIL.password),
        (cast::SVEN.login, cast::SVEN.password),
        (cast::INES.login, cast::INES.password),
        ("nobody@acme.example", cast::WRONG),
        ("bob @acme.example", cast::BOB.password),
    ] {
        let no = refused(try_in(portal, typed, password, now)?)?;
        let (shown, cause) = (no.shown().to_string(), no.cause().to_string());
        table.row([typed, &shown, &cause]);
    }
    writeln!(
        out,
        "People sign in. What a visitor is told never tells why:\n\n{table}"
    )?;
    Ok(sessions)
}

/// Everybody leaves, and Lena's password is again the one of the file: the next run tells the same.
pub(super) fn leave(
    portal: &Portal,
    sessions: Vec<Session>,
    now: Timestamp,
) -> Result<(), Failure> {
    for session in sessions {
        let me = portal.session(&session.secret, now)?;
        if session.person.who == cast::LENA.who {
            let (current, new) = (cast::LENAS_NEXT.into(), cast::LENA.password.into());
            let confirmed = portal.reauthenticate(&me, Current::Password(&current), &door())?;
            let Reauthentication::Confirmed(fresh, _) = confirmed else {
                return Err(unexpected(format_args!("{confirmed:?}")));
            };
            match portal.change_password(&fresh, &new, &door(), now)? {
                NewPassword::Set(_) => {}
                other => return Err(unexpected(format_args!("{other:?}"))),
            }
            demand_change(portal, me.user(), now)?;
        } else {
            portal.sign_out(me)?;
        }
    }
    Ok(())
}

/// A forced change: the sign-in goes on behind the step, and nowhere else.
fn with_new_password(portal: &Portal, now: Timestamp) -> Result<SessionSecret, Failure> {
    let step = match try_in(portal, cast::LENA.login, cast::LENA.password, now)? {
        SignIn::ChangePassword(step) => step,
        // An earlier run was stopped between the change and the way back.
        _ => match again_from_invitation(portal, now)? {
            SignIn::ChangePassword(step) => step,
            other => return Err(unexpected(format_args!("{other:?}"))),
        },
    };
    let new = SecretString::from(cast::LENAS_NEXT);
    match portal.set_new_password(step, &new, &door(), now)? {
        PasswordStep::Onward(outcome) => session(portal, outcome, now),
        PasswordStep::Again(_, retry) => Err(unexpected(retry)),
    }
}

fn again_from_invitation(portal: &Portal, now: Timestamp) -> Result<SignIn, Failure> {
    let operator = portal.operator("quickstart", now);
    let lena = operator.lookup().user("user:lena")?;
    let invitation = operator.accounts().invite(lena)?;
    let old = SecretString::from(cast::LENA.password);
    match portal.accept_invitation(&invitation.secret, &old, &door(), now)? {
        NewPassword::Set(user) => demand_change(portal, user, now)?,
        other => return Err(unexpected(format_args!("{other:?}"))),
    }
    try_in(portal, cast::LENA.login, cast::LENA.password, now)
}

fn demand_change(portal: &Portal, user: UserId, now: Timestamp) -> Result<(), Failure> {
    let operator = portal.operator("quickstart", now);
    operator.accounts().demand_change(user)?;
    Ok(())
}

fn try_in(portal: &Portal, name: &str, password: &str, now: Timestamp) -> Result<SignIn, Failure> {
    Ok(portal.sign_in(name, &SecretString::from(password), &door(), now)?)
}

fn session(portal: &Portal, outcome: SignIn, now: Timestamp) -> Result<SessionSecret, Failure> {
    match outcome {
        SignIn::Done(proof) => Ok(portal.start_session(proof, now)?),
        other => Err(unexpected(format_args!("{other:?}"))),
    }
}

fn refused(outcome: SignIn) -> Result<Refusal, Failure> {
    match outcome {
        SignIn::Refused(refusal) if refusal.cause() != Cause::Overloaded => Ok(refusal),
        other => Err(unexpected(format_args!("{other:?}"))),
    }
}

fn door() -> Source {
    Source::new("quickstart")
}

fn unexpected(what: impl std::fmt::Display) -> Failure {
    Failure::new(format_args!(
        "somebody's account is not as the story needs it ({what}); remove the database and start again"
    ))
}
