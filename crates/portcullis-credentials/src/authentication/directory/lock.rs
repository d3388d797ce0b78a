use crate::{CredentialPolicy, PolicyError};
use std::num::NonZeroU32;

/// When a directory locks an account of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryLock {
    /// At so many wrong passwords (`lockoutThreshold`, `pwdMaxFailure`) ..
    pub threshold: NonZeroU32,
    /// .. within so many minutes (`lockOutObservationWindow`, `pwdFailureCountInterval`); `None`:
    /// it never forgets them.
    pub window_minutes: Option<u32>,
}

/// Refuses a policy under which wrong passwords typed here lock an account of the directory.
///
/// Within any window of the directory there are then at most as many of them as lock here: a lock
/// that was sat out, and a pause that was long enough, have outlasted the window. The last
/// administrator alone, whose lock always ends, may be locked there where it remembers for longer
/// than a day.
pub(crate) fn could_lock(
    policy: &CredentialPolicy,
    lock: DirectoryLock,
) -> Result<(), PolicyError> {
    let settings = policy.settings();
    let threshold = settings.lock_threshold;
    if threshold >= lock.threshold.get() {
        let advice = "less than the directory's own limit, or anybody locks its accounts from here";
        return Err(PolicyError::new("lock_threshold", threshold, advice));
    }
    // What it never forgets adds up over any pause.
    let window = lock.window_minutes.unwrap_or(u32::MAX);
    let advice = "at least as long as the directory counts wrong passwords together, or longer";
    if let Some(minutes) = settings.lock.shortest()
        && minutes < window
    {
        return Err(PolicyError::new("lock.minutes", minutes, advice));
    }
    match settings.forget_after_hours {
        Some(hours) if hours.saturating_mul(60) < window => {
            Err(PolicyError::new("forget_after_hours", hours, advice))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CredentialSettings, Lock};

    #[test]
    fn bug13_a_policy_under_which_we_lock_the_directory_is_named() {
        let knob = |threshold, window_minutes, change: fn(&mut CredentialSettings)| {
            let mut settings = CredentialSettings::default();
            change(&mut settings);
            let lock = DirectoryLock {
                threshold: NonZeroU32::new(threshold).unwrap(),
                window_minutes,
            };
            could_lock(&CredentialPolicy::new(settings).unwrap(), lock)
                .err()
                .map(|error| error.knob())
        };
        assert_eq!(knob(6, Some(15), |_| ()), None);
        assert_eq!(knob(5, Some(15), |_| ()), Some("lock_threshold"));
        assert_eq!(knob(6, Some(16), |_| ()), Some("lock.minutes"));
        assert_eq!(knob(6, Some(16), |s| s.lock = Lock::UntilAdmin), None);
        assert_eq!(
            knob(6, Some(721), |s| s.lock = Lock::UntilAdmin),
            Some("forget_after_hours")
        );
        assert_eq!(knob(6, None, |_| ()), Some("lock.minutes"));
        assert_eq!(
            knob(6, None, |s| s.lock = Lock::UntilAdmin),
            Some("forget_after_hours")
        );
        let never = |s: &mut CredentialSettings| {
            s.lock = Lock::UntilAdmin;
            s.forget_after_hours = None;
        };
        assert_eq!(knob(6, None, never), None);
    }
}
