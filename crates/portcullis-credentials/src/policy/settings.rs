use super::{InvitationPayload, InvitationTrigger, Lock};
use serde::{Deserialize, Serialize};

/// The settings of the credential rules, as a file or a preset holds them (K06).
///
/// Plain numbers with their unit in the name; a [`CredentialPolicy`](crate::CredentialPolicy) checks
/// them together. The default is the strict one of NIST SP 800-63B-4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CredentialSettings {
    /// The X-th wrong password locks the account (S24); 1 to 100 (NIST).
    pub lock_threshold: u32,
    /// For how long: unless said otherwise 15 minutes, doubling to 24 hours, and until an
    /// administrator unlocks at the 100th in a row.
    pub lock: Lock,
    /// The X-th wrong code of a second factor in a row locks codes of its kind; 1 to 100 (NIST). It
    /// takes the right password to get there.
    pub factor_lock_threshold: u32,
    /// For how long. Until an administrator unlocks, unless said otherwise: who meets it either has
    /// somebody else's password or a recovery code.
    pub factor_lock: Lock,
    /// By how many steps of 30 seconds the clock of a user's phone may be off; 0 or 1 (ASVS 6.5.5).
    pub factor_skew_steps: u32,
    /// How many attempts of every kind one [source](crate::Source) has a minute. None: no limit is
    /// kept here, for a host that has its own.
    pub source_attempts_per_minute: Option<u32>,
    /// How many of them it may make at once, when it has made none for a while.
    pub source_burst: u32,
    /// Wrong passwords are forgotten so many hours after the last one; none: never.
    pub forget_after_hours: Option<u32>,
    /// The fewest code points of a new password.
    pub password_min_length: u32,
    /// The fewest where a second factor is enforced for the user; where that is more than
    /// `password_min_length`, that many (NIST SP 800-63B-4, 3.1.1.2).
    pub password_min_length_with_factor: u32,
    /// The most bytes of any password, applied before any work (bug 28).
    pub password_max_bytes: u32,
    /// The most code points of a new password. None: as many as fit into the bytes. A limit below
    /// 64 is [weak](crate::CredentialPolicy::weaknesses).
    pub password_max_length: Option<u32>,
    /// The least score of a new password, 0 to 4, as zxcvbn estimates it. 0: no estimate is made.
    /// More takes the crate's feature `zxcvbn`.
    pub password_min_score: u32,
    /// Names that a guess would start from: the portal's, the provider's. A new password is not
    /// for the most part of these, nor of the user name.
    pub context_words: Vec<String>,
    /// The characters that a new password may be of.
    pub password_characters: Characters,
    /// How many of a user's last passwords they may not set again, the present one counted; 0 to 10.
    /// 0: no history is kept. Setting a password costs that many hash runs more, one after another,
    /// in one turn of the [budget](crate::HashBudget). What staff gives out is not compared, for they
    /// would learn of it, and is remembered like any other. An export holds no history.
    pub password_history: u32,
    /// The most code points of a new account's user name. None: as many as fit into
    /// [`LoginName::MAX_BYTES`](crate::LoginName::MAX_BYTES).
    pub name_max_length: Option<u32>,
    /// The characters that it may be of.
    pub name_characters: Characters,
    /// Who sets the first password, and a new one when it was forgotten (C11).
    pub password_set_by: PasswordSetBy,
    /// A session ends when it is not used for so long.
    pub session_idle_minutes: u32,
    /// A session ends so long after the sign-in, used or not.
    pub session_max_hours: u32,
    /// When a session was last seen is written at most once in so many minutes.
    pub session_touch_minutes: u32,
    /// How long an invitation's link works.
    pub invitation_hours: u32,
    /// What an invitation that is mailed carries (C13).
    pub invitation_payload: InvitationPayload,
    /// When one is mailed by itself (C14).
    pub invitation_trigger: InvitationTrigger,
    /// How long the link works of who asked for a new password.
    pub reset_minutes: u32,
    /// Where the portal's pages are: what links in mails begin with, as `https://portal.example/app`.
    /// None: no links are made. It is never taken from a request (bug 24).
    pub base_address: Option<String>,
    /// How long an open step of a sign-in waits for its answer.
    pub step_minutes: u32,
    /// Keep password hashes sealed under the key ring, which must be given then.
    pub seal_hashes: bool,
    /// How long a [confirmation](crate::Fresh) of who somebody is covers changes of their own
    /// credentials.
    pub fresh_minutes: u32,
}

/// Of which characters a new password or user name may be (D10, D11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Characters {
    /// Of any: a password of all but NUL (NIST SP 800-63B-4, 3.1.1.2), a user name of all that
    /// [`LoginName`](crate::LoginName) takes.
    Any,
    /// Of letters and digits alone, in any mix: for passwords
    /// [weak](crate::CredentialPolicy::weaknesses).
    LettersAndDigits,
}

impl Characters {
    pub(crate) fn take(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::LettersAndDigits => text.chars().all(char::is_alphanumeric),
        }
    }
}

/// Who sets passwords (K06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PasswordSetBy {
    /// The invited person, from a one-use link; nobody else ever knows it (V19, B30).
    Invitee,
    /// Staff, and it stays (D13, D31).
    Staff,
    /// Staff, and the user must set a new one at the next sign-in (S52, S53, S60).
    StaffThenChange,
    /// Nobody: it is [made up](crate::Credentials::generate_password), nobody but the user reads it,
    /// and it stays (P37, P39).
    Generated,
    /// It is made up, and the user must set one of their own at the next sign-in (ASVS 6.4.1).
    GeneratedThenChange,
}

impl Default for CredentialSettings {
    fn default() -> Self {
        Self {
            lock_threshold: 5,
            lock: Lock::DEFAULT,
            factor_lock_threshold: 5,
            factor_lock: Lock::UntilAdmin,
            factor_skew_steps: 1,
            source_attempts_per_minute: Some(30),
            source_burst: 100,
            forget_after_hours: Some(12),
            password_min_length: 15,
            password_min_length_with_factor: 8,
            password_max_bytes: 4096,
            password_max_length: None,
            password_min_score: 0,
            context_words: Vec::new(),
            password_characters: Characters::Any,
            password_history: 0,
            name_max_length: None,
            name_characters: Characters::Any,
            password_set_by: PasswordSetBy::Invitee,
            session_idle_minutes: 60,
            session_max_hours: 24,
            session_touch_minutes: 1,
            invitation_hours: 72,
            invitation_payload: InvitationPayload::AcceptLink,
            invitation_trigger: InvitationTrigger::Manual,
            reset_minutes: 30,
            base_address: None,
            step_minutes: 15,
            seal_hashes: false,
            fresh_minutes: 10,
        }
    }
}

impl CredentialSettings {
    /// Compat: passwords of 6 to 15 letters and digits, user names of up to 15 (D7 to D12), for a
    /// product whose users are told so. Everything else is as in the default, and stays stricter: the blocklist
    /// applies. Its [weaknesses](crate::CredentialPolicy::weaknesses) are named.
    pub fn six_to_fifteen_letters_and_digits() -> Self {
        Self {
            password_min_length: 6,
            password_max_length: Some(15),
            password_characters: Characters::LettersAndDigits,
            name_max_length: Some(15),
            name_characters: Characters::LettersAndDigits,
            ..Self::default()
        }
    }
}
