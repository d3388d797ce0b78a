//! How somebody who gets an account hears of it (K07): what their invitation carries, and when it is
//! mailed without anybody asking.

use serde::{Deserialize, Serialize};

/// What an invitation that is mailed carries (C13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InvitationPayload {
    /// A link, good once and for a while, by which the invited set their own password (V19, B30).
    AcceptLink,
    /// The user name and the password that the same call has set (D39, S32, P37). It waits sealed
    /// under the [key ring](crate::KeyRing), which such a policy cannot do without (choice 15).
    /// [Weak](crate::CredentialPolicy::weaknesses): mails lie about for years.
    Credentials,
}

/// When an invitation is mailed by itself (C14). By hand it can be mailed at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InvitationTrigger {
    /// Never (D36).
    Manual,
    /// Whenever a user is made, unless it is [declined](Mailing::Declined) for that user (S32, S34).
    OnCreate,
    /// When a user is made and whoever makes them [says yes](Mailing::Wanted) (P37, P38).
    PromptOnSave,
    /// When a contact without an account is made a member (V19).
    OnMembership,
    /// When a client is added with the box 'Invite as a Guest' ticked (B28 to B31).
    CheckboxOnClientCreate,
}

/// By which way a user came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Occasion {
    /// As a user, in the administration of users.
    User,
    /// As a contact who was made a member.
    Member,
    /// As a client that was added with the box ticked.
    Client,
}

/// What whoever makes a user says about the mail to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mailing {
    /// Nothing: it is as the [trigger](InvitationTrigger) has it.
    #[default]
    AsUsual,
    /// Yes to the prompt (P37).
    Wanted,
    /// No to the prompt (P38), or all mails are switched off for this user (S34).
    Declined,
}

impl InvitationTrigger {
    /// Whether a user who came about by `occasion` is mailed at once, where whoever made them says
    /// `mailing`.
    ///
    /// ```
    /// use portcullis_credentials::{InvitationTrigger, Mailing, Occasion};
    /// let prompt = InvitationTrigger::PromptOnSave;
    /// assert!(!prompt.mails(Occasion::User, Mailing::AsUsual));
    /// assert!(prompt.mails(Occasion::User, Mailing::Wanted));
    /// ```
    pub const fn mails(self, occasion: Occasion, mailing: Mailing) -> bool {
        match mailing {
            Mailing::Wanted => true,
            Mailing::Declined => false,
            Mailing::AsUsual => match self {
                Self::Manual | Self::PromptOnSave => false,
                Self::OnCreate => true,
                Self::OnMembership => matches!(occasion, Occasion::Member),
                Self::CheckboxOnClientCreate => matches!(occasion, Occasion::Client),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c14_each_trigger_mails_by_itself_on_its_own_occasion_alone() {
        use InvitationTrigger as T;
        use Occasion::{Client, Member, User};
        let mails: [(T, &[Occasion]); 5] = [
            (T::Manual, &[]),
            (T::OnCreate, &[User, Member, Client]),
            (T::PromptOnSave, &[]),
            (T::OnMembership, &[Member]),
            (T::CheckboxOnClientCreate, &[Client]),
        ];
        for (trigger, by_itself) in mails {
            for occasion in [User, Member, Client] {
                let usual = trigger.mails(occasion, Mailing::default());
                assert_eq!(
                    usual,
                    by_itself.contains(&occasion),
                    "{trigger:?} {occasion:?}"
                );
                assert!(trigger.mails(occasion, Mailing::Wanted));
                assert!(!trigger.mails(occasion, Mailing::Declined));
            }
        }
    }
}
