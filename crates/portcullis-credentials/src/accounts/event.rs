/// What happened to an account, by the stable name under which the audit keeps it and the outbox
/// tells of it.
///
/// Each is recorded in the commit of the state it tells of, and where it [concerns the user's own
/// security](Self::is_mailed) the mail to them is posted there too, by the same call: neither can be
/// forgotten, nor stand without the other.
///
/// ```
/// use portcullis_credentials::AccountEvent;
///
/// // What a host's alarm looks for in the audit, without a text of its own to mistype:
/// let alarming = |action: &str| AccountEvent::named(action) == Some(AccountEvent::Locked);
/// assert!(alarming("account.locked") && !alarming("client.add"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountEvent {
    /// Signed in, by the last factor asked for.
    SignedIn,
    /// Turned away, at whichever way in; the detail names the [cause](crate::Cause).
    Refused,
    /// A source has used up its attempts; what it asks beyond them leaves no entry.
    SourceLimited,
    /// The password was right and a new one is due (S52).
    ChangeDue,
    /// The password was right and a code is due (S29).
    CodeDue,
    /// The password was right and a second factor is to be set up (S29).
    EnrolmentDue,
    /// An account was made.
    Created,
    /// An account was removed, with all that belonged to it (D32).
    Removed,
    /// A link to set a password was made (V19).
    Invited,
    /// Wrong passwords have locked it (S24).
    Locked,
    /// An administrator has cleared 'Locked Account' (S25), or an attempt that was right, or that
    /// nobody could judge, has taken the lock along which it had helped to reach.
    Unlocked,
    /// Suspended by an administrator; everything ended at once.
    Suspended,
    /// The suspension was ended.
    Resumed,
    /// Switched off for good.
    Disabled,
    /// Its end was set or cleared (S27, S28).
    ExpirySet,
    /// Signs in through the directory from now on (S30).
    InDirectory,
    /// Signs in with a password kept here from now on.
    NotInDirectory,
    /// The directory gave no answer; the attempt was taken back.
    DirectoryFault,
    /// Somebody has asked for a link to a new password; the detail says what came of it.
    ResetRequested,
    /// Such a link was made, when its mail was sent.
    ResetLinkMade,
    /// The user has set a new password.
    PasswordSet,
    /// Staff has given out a new password (S53).
    PasswordAssigned,
    /// A new password is due at the next sign-in.
    ChangeDemanded,
    /// The stored hash was replaced by one of the present function; nothing ended.
    PasswordRehashed,
    /// Stored hashes were sealed under the key that seals now, or opened; nothing ended.
    HashesResealed,
    /// A second factor was set up; every session ended.
    FactorEnrolled,
    /// The second factor was taken away; every session ended.
    FactorRemoved,
    /// A second factor is asked for from now on (S29).
    FactorEnforced,
    /// None is asked for from now on.
    FactorNotEnforced,
    /// Wrong codes have locked their kind: somebody has the password.
    FactorLocked,
    /// A recovery code was used; the detail says how many are left.
    RecoveryUsed,
    /// The recovery codes were replaced.
    RecoveryRenewed,
    /// Secrets were sealed under the key that seals now.
    FactorsResealed,
    /// Secrets in mails that wait were sealed under the key that seals now.
    MailsResealed,
    /// Signed out.
    SessionEnded,
    /// Every session of a user was ended.
    SessionsEnded,
    /// The user has ended their other sessions.
    OtherSessionsEnded,
    /// Who is signed in has confirmed it with everything that signs them in.
    Confirmed,
    /// The address that the user's mails go to was changed; everything ended.
    EmailChanged,
}

impl AccountEvent {
    /// Every event there is.
    pub const ALL: [Self; 39] = [
        Self::SignedIn,
        Self::Refused,
        Self::SourceLimited,
        Self::ChangeDue,
        Self::CodeDue,
        Self::EnrolmentDue,
        Self::Created,
        Self::Removed,
        Self::Invited,
        Self::Locked,
        Self::Unlocked,
        Self::Suspended,
        Self::Resumed,
        Self::Disabled,
        Self::ExpirySet,
        Self::InDirectory,
        Self::NotInDirectory,
        Self::DirectoryFault,
        Self::ResetRequested,
        Self::ResetLinkMade,
        Self::PasswordSet,
        Self::PasswordAssigned,
        Self::ChangeDemanded,
        Self::PasswordRehashed,
        Self::HashesResealed,
        Self::FactorEnrolled,
        Self::FactorRemoved,
        Self::FactorEnforced,
        Self::FactorNotEnforced,
        Self::FactorLocked,
        Self::RecoveryUsed,
        Self::RecoveryRenewed,
        Self::FactorsResealed,
        Self::MailsResealed,
        Self::SessionEnded,
        Self::SessionsEnded,
        Self::OtherSessionsEnded,
        Self::Confirmed,
        Self::EmailChanged,
    ];

    /// The name in the audit and in the outbox.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "sign-in.done",
            Self::Refused => "sign-in.refused",
            Self::SourceLimited => "source.limit",
            Self::ChangeDue => "sign-in.change-due",
            Self::CodeDue => "sign-in.code-due",
            Self::EnrolmentDue => "sign-in.enrolment-due",
            Self::Created => "account.create",
            Self::Removed => "account.remove",
            Self::Invited => "account.invite",
            Self::Locked => "account.locked",
            Self::Unlocked => "account.unlock",
            Self::Suspended => "account.suspend",
            Self::Resumed => "account.resume",
            Self::Disabled => "account.disable",
            Self::ExpirySet => "account.expiry",
            Self::InDirectory => "account.directory",
            Self::NotInDirectory => "account.no-directory",
            Self::DirectoryFault => "directory.fault",
            Self::ResetRequested => "password.reset",
            Self::ResetLinkMade => "password.reset-link",
            Self::PasswordSet => "password.set",
            Self::PasswordAssigned => "password.assign",
            Self::ChangeDemanded => "password.demand-change",
            Self::PasswordRehashed => "password.rehash",
            Self::HashesResealed => "password.reseal",
            Self::FactorEnrolled => "factor.enrolled",
            Self::FactorRemoved => "factor.remove",
            Self::FactorEnforced => "factor.enforce",
            Self::FactorNotEnforced => "factor.allow-none",
            Self::FactorLocked => "factor.locked",
            Self::RecoveryUsed => "factor.recovery-used",
            Self::RecoveryRenewed => "factor.recovery-renewed",
            Self::FactorsResealed => "factor.reseal",
            Self::MailsResealed => "mail.reseal",
            Self::SessionEnded => "session.end",
            Self::SessionsEnded => "session.end-all",
            Self::OtherSessionsEnded => "session.end-others",
            Self::Confirmed => "session.confirm",
            Self::EmailChanged => "account.email",
        }
    }

    /// The event of that name; `None` for one that is not about accounts, or of a later version.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }

    /// Whether a mail of this event is about the user's own security, so that no switch that stops
    /// mails stops it (choice 18): what they are [told](Self::is_mailed) whenever it happens, and the
    /// reset that they asked for themselves. An invitation is none (S34).
    pub const fn is_own_security(self) -> bool {
        self.is_mailed() || matches!(self, Self::ResetRequested)
    }

    /// Whether the user is told by mail whenever it happens (choice 18; ASVS 6.3.5, 6.3.7).
    pub const fn is_mailed(self) -> bool {
        matches!(
            self,
            Self::Locked
                | Self::PasswordSet
                | Self::PasswordAssigned
                | Self::FactorEnrolled
                | Self::FactorRemoved
                | Self::FactorNotEnforced
                | Self::InDirectory
                | Self::NotInDirectory
                | Self::FactorLocked
                | Self::RecoveryUsed
                | Self::RecoveryRenewed
                | Self::EmailChanged
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_event_and_to_no_other() {
        for (place, event) in AccountEvent::ALL.into_iter().enumerate() {
            assert_eq!(AccountEvent::named(event.name()), Some(event));
            assert_eq!(event as usize, place, "all are in the list, in their order");
        }
        assert_eq!(AccountEvent::named("client.add"), None);
    }

    #[test]
    fn choice18_what_changes_how_one_signs_in_is_mailed() {
        for event in [
            AccountEvent::PasswordSet,
            AccountEvent::FactorRemoved,
            AccountEvent::Locked,
        ] {
            assert!(event.is_mailed() && event.is_own_security(), "{event:?}");
        }
        // Not whenever it is asked for: only where somebody has that name, and not too often.
        let reset = AccountEvent::ResetRequested;
        assert!(reset.is_own_security() && !reset.is_mailed());
        assert!(
            !AccountEvent::Invited.is_own_security(),
            "it can be switched off"
        );
        for event in [
            AccountEvent::SignedIn,
            AccountEvent::Refused,
            AccountEvent::Created,
        ] {
            assert!(!event.is_mailed(), "{event:?}");
        }
    }
}
