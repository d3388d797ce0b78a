use portcullis_id::UserId;
use portcullis_ledger::Actor;

/// Who acts, and who vouches for that. Commands take one; a preview never yields one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Principal {
    actor: Actor,
}

impl Principal {
    /// A user whose sign-in the credentials crate has proved. The facade alone calls this, with a
    /// `Proof` or a live session in hand; a test finds no other caller.
    pub fn vouched_by_sign_in(user: UserId) -> Self {
        Self {
            actor: Actor::User(user),
        }
    }

    /// A user for whom another system vouches: the host's own single sign-on, by name. The name
    /// is kept in every audit entry.
    pub fn vouched_by(voucher: &str, user: UserId) -> Self {
        Self {
            actor: Actor::External {
                user,
                voucher: voucher.to_owned(),
            },
        }
    }

    /// Whoever holds the machine: founding, import, jobs. The one exception to "nobody raises
    /// themselves"; every act is audited under `name`.
    pub fn operator(name: &str) -> Self {
        Self {
            actor: Actor::Operator(name.to_owned()),
        }
    }

    /// The user behind it; an operator is none.
    pub const fn user(&self) -> Option<UserId> {
        match self.actor {
            Actor::User(user) | Actor::External { user, .. } => Some(user),
            _ => None,
        }
    }

    /// As the audit names it.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
}
