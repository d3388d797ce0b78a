//! What a policy may be: each setting within its bounds, and all of them together.

use super::{CredentialSettings, InvitationPayload, Lock, PasswordSetBy, PolicyError};
use crate::passwords;
use crate::tokens::check_base;

pub(super) fn check(s: &CredentialSettings) -> Result<(), PolicyError> {
    within(
        "lock_threshold",
        s.lock_threshold,
        1,
        100,
        "1 to 100 (NIST SP 800-63B-4, 3.2.2)",
    )?;
    check_locks(s)?;
    if let Some(hours) = s.forget_after_hours {
        within(
            "forget_after_hours",
            hours,
            1,
            8_760,
            "1 hour to a year, or none for never",
        )?;
    }
    check_sources(s)?;
    check_chosen(s)?;
    within(
        "session_max_hours",
        s.session_max_hours,
        1,
        720,
        "1 hour to 30 days",
    )?;
    within(
        "session_idle_minutes",
        s.session_idle_minutes,
        1,
        s.session_max_hours * 60,
        "at least 1 minute, and no longer than session_max_hours",
    )?;
    within(
        "session_touch_minutes",
        s.session_touch_minutes,
        0,
        s.session_idle_minutes - 1,
        "less than session_idle_minutes, or used sessions would end",
    )?;
    within(
        "invitation_hours",
        s.invitation_hours,
        1,
        168,
        "1 hour to 7 days",
    )?;
    check_mailed(s)?;
    within(
        "reset_minutes",
        s.reset_minutes,
        1,
        120,
        "1 minute to 2 hours",
    )?;
    if let Some(base) = &s.base_address {
        check_base(base)?;
    }
    within("step_minutes", s.step_minutes, 1, 60, "1 minute to an hour")?;
    within(
        "fresh_minutes",
        s.fresh_minutes,
        1,
        60,
        "1 minute to an hour",
    )
}

/// Who sets a password, and whether a mail carries it, go together.
fn check_mailed(s: &CredentialSettings) -> Result<(), PolicyError> {
    let mailed = s.invitation_payload == InvitationPayload::Credentials;
    match s.password_set_by {
        PasswordSetBy::Invitee if mailed => Err(PolicyError::word(
            "invitation_payload",
            "credentials",
            "users set their passwords themselves, so there is none to mail; take accept-link, or \
             another password_set_by",
        )),
        PasswordSetBy::Generated | PasswordSetBy::GeneratedThenChange if !mailed => {
            Err(PolicyError::word(
                "password_set_by",
                "generated",
                "nobody would learn the password; take credentials as invitation_payload, or invitee",
            ))
        }
        _ => Ok(()),
    }
}

/// How often one source may ask.
fn check_sources(s: &CredentialSettings) -> Result<(), PolicyError> {
    if let Some(attempts) = s.source_attempts_per_minute {
        within(
            "source_attempts_per_minute",
            attempts,
            1,
            6_000,
            "1 to 6000, or none where the host limits its sources itself",
        )?;
    }
    within(
        "source_burst",
        s.source_burst,
        1,
        10_000,
        "1 to 10000 attempts at once",
    )
}

/// What people choose: passwords and names.
fn check_chosen(s: &CredentialSettings) -> Result<(), PolicyError> {
    within(
        "password_max_bytes",
        s.password_max_bytes,
        64,
        4096,
        "64 to 4096 bytes",
    )?;
    within(
        "password_min_length",
        s.password_min_length,
        1,
        s.password_max_bytes / 4,
        "at least 1, and at most a quarter of password_max_bytes, so that every script fits",
    )?;
    within(
        "password_min_length_with_factor",
        s.password_min_length_with_factor,
        1,
        s.password_max_bytes / 4,
        "at least 1, and at most a quarter of password_max_bytes, so that every script fits",
    )?;
    if let Some(most) = s.password_max_length {
        within(
            "password_max_length",
            most,
            s.password_min_length,
            s.password_max_bytes,
            "at least password_min_length, and none where there is no limit",
        )?;
    }
    // Of less than ten characters, even a random one scores below 3.
    let reached = if s.password_max_length.is_some_and(|most| most < 10) {
        2
    } else {
        4
    };
    within(
        "password_min_score",
        s.password_min_score,
        0,
        if passwords::ESTIMATED { reached } else { 0 },
        "0 to 4 with the feature `zxcvbn`, 2 where password_max_length is below 10, and 0 without it",
    )?;
    within(
        "password_history",
        s.password_history,
        0,
        10,
        "0 to 10, since each costs a hash run",
    )?;
    if let Some(most) = s.name_max_length {
        within(
            "name_max_length",
            most,
            1,
            256,
            "1 to 256, and none where there is no limit",
        )?;
    }
    let words = u32::try_from(s.context_words.iter().map(String::len).sum::<usize>());
    within(
        "context_words",
        words.unwrap_or(u32::MAX),
        0,
        1024,
        "at most 1024 bytes of words in all",
    )
}

/// How long locks last, when wrong codes lock, and by how much a clock may be off.
fn check_locks(s: &CredentialSettings) -> Result<(), PolicyError> {
    check_lock(
        [
            "lock.minutes",
            "lock.longest_minutes",
            "lock.until_admin_at",
        ],
        s.lock_threshold,
        s.lock,
    )?;
    within(
        "factor_lock_threshold",
        s.factor_lock_threshold,
        1,
        100,
        "1 to 100 (NIST SP 800-63B-4, 3.2.2)",
    )?;
    check_lock(
        [
            "factor_lock.minutes",
            "factor_lock.longest_minutes",
            "factor_lock.until_admin_at",
        ],
        s.factor_lock_threshold,
        s.factor_lock,
    )?;
    within(
        "factor_skew_steps",
        s.factor_skew_steps,
        0,
        1,
        "0 or 1 (RFC 6238, 5.2)",
    )
}

/// The lock of one factor. Its knobs: the first, the longest, and the last straw.
fn check_lock(knobs: [&'static str; 3], threshold: u32, lock: Lock) -> Result<(), PolicyError> {
    let [minutes, longest_minutes, until_admin_at] = knobs;
    if let Some(shortest) = lock.shortest() {
        within(
            minutes,
            shortest,
            1,
            YEAR,
            "1 minute to a year; for longer use until-admin",
        )?;
    }
    let (shortest, longest, last) = match lock {
        Lock::UntilAdmin | Lock::Timed { .. } => return Ok(()),
        Lock::Backoff {
            minutes,
            longest_minutes,
        } => (minutes, longest_minutes, None),
        Lock::Mixed {
            minutes,
            longest_minutes,
            until_admin_at,
        } => (minutes, longest_minutes, Some(until_admin_at)),
    };
    within(
        longest_minutes,
        longest,
        shortest,
        YEAR,
        "at least as long as the first lock, and at most a year",
    )?;
    let Some(last) = last else { return Ok(()) };
    within(
        until_admin_at,
        last,
        threshold,
        100,
        "at least as many as lock at all, and at most 100 (NIST SP 800-63B-4, 3.2.2)",
    )
}

/// In minutes.
const YEAR: u32 = 525_600;

fn within(
    knob: &'static str,
    value: u32,
    least: u32,
    most: u32,
    advice: &'static str,
) -> Result<(), PolicyError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(PolicyError::new(knob, value, advice))
}
