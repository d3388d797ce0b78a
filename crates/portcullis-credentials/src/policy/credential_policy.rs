use super::check::check;
use super::{CredentialSettings, InvitationPayload, PolicyError};
use crate::limits::Pace;
use crate::{KeyRing, LockTimes};
use chrono::TimeDelta;
use portcullis_id::{Timestamp, hours, minutes};
use serde::{Deserialize, Serialize};

/// Settings that work together. The rules take nothing else.
///
/// ```
/// use portcullis_credentials::{CredentialPolicy, CredentialSettings};
/// let settings = CredentialSettings { lock_threshold: 0, ..CredentialSettings::default() };
/// assert_eq!(CredentialPolicy::new(settings).unwrap_err().knob(), "lock_threshold");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CredentialSettings", into = "CredentialSettings")]
pub struct CredentialPolicy(CredentialSettings);

/// What stands between a guessed password and the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Nothing else.
    Password,
    /// A second factor that the user cannot do without, because it is enforced.
    Factor,
}

impl CredentialPolicy {
    /// Checks `settings`.
    ///
    /// # Errors
    /// [`PolicyError`] names the setting and says what it may be.
    pub fn new(settings: CredentialSettings) -> Result<Self, PolicyError> {
        check(&settings)?;
        Ok(Self(settings))
    }

    /// Checks that there is a key ring where one is needed: where mails carry passwords, which wait
    /// sealed (choice 15), and where stored hashes are to be sealed. A portal asks this when it is opened, so that nobody finds out later.
    ///
    /// # Errors
    /// [`PolicyError`] names `invitation_payload` or `seal_hashes`.
    pub fn check_key_ring(&self, ring: Option<&KeyRing>) -> Result<(), PolicyError> {
        if ring.is_none() && self.mails_passwords() {
            return Err(PolicyError::word(
                "invitation_payload",
                "credentials",
                "a password waits for its mail sealed under a key ring; give one, or take accept-link",
            ));
        }
        if ring.is_none() && self.0.seal_hashes {
            return Err(PolicyError::word(
                "seal_hashes",
                "true",
                "hashes are sealed under a key ring; give one, or leave them unsealed",
            ));
        }
        Ok(())
    }

    /// Whether a password that is given out goes to its user in the invitation's mail (D39, S32).
    pub fn mails_passwords(&self) -> bool {
        self.0.invitation_payload == InvitationPayload::Credentials
    }

    /// The settings, as they were given.
    pub const fn settings(&self) -> &CredentialSettings {
        &self.0
    }

    /// Whether a password that will do beside an enforced factor may be too short without.
    pub(crate) fn relies_on_factor(&self) -> bool {
        self.least_length(Guard::Factor) < self.least_length(Guard::Password)
    }

    /// How many passwords before the present one are kept.
    pub(crate) const fn formers(&self) -> u32 {
        self.0.password_history.saturating_sub(1)
    }

    /// The fewest code points of a new password beside what else guards the account.
    pub(crate) fn least_length(&self, guard: Guard) -> u32 {
        match guard {
            Guard::Password => self.0.password_min_length,
            Guard::Factor => self
                .0
                .password_min_length_with_factor
                .min(self.0.password_min_length),
        }
    }

    pub(crate) fn lock_times(&self, now: Timestamp) -> LockTimes {
        self.0.lock.times(self.0.lock_threshold, now)
    }

    pub(crate) fn factor_lock_times(&self, now: Timestamp) -> LockTimes {
        self.0.factor_lock.times(self.0.factor_lock_threshold, now)
    }

    pub(crate) fn forget_before(&self, now: Timestamp) -> Option<Timestamp> {
        let window = hours(self.0.forget_after_hours?).num_milliseconds();
        // A window that began before time did holds everything.
        now.millis().checked_sub(window).map(Timestamp::from_millis)
    }

    /// The pace of one source; none where the host keeps it.
    pub(crate) fn source_pace(&self) -> Option<Pace> {
        let minute = minutes(1);
        let each = |per_minute| {
            i32::try_from(per_minute)
                .ok()
                .and_then(|n| minute.checked_div(n))
        };
        Some(Pace {
            at_once: self.0.source_burst,
            one_in: each(self.0.source_attempts_per_minute?)?,
        })
    }

    pub(crate) const fn reset(&self) -> TimeDelta {
        minutes(self.0.reset_minutes)
    }

    pub(crate) const fn session_idle(&self) -> TimeDelta {
        minutes(self.0.session_idle_minutes)
    }

    pub(crate) const fn session_max(&self) -> TimeDelta {
        hours(self.0.session_max_hours)
    }

    pub(crate) const fn session_touch(&self) -> TimeDelta {
        minutes(self.0.session_touch_minutes)
    }
}

impl TryFrom<CredentialSettings> for CredentialPolicy {
    type Error = PolicyError;
    fn try_from(settings: CredentialSettings) -> Result<Self, PolicyError> {
        Self::new(settings)
    }
}

impl From<CredentialPolicy> for CredentialSettings {
    fn from(policy: CredentialPolicy) -> Self {
        policy.0
    }
}
