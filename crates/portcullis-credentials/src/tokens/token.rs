use crate::authentication::Why;
use crate::{Account, Cause, CredentialError, Credentials, Purpose, Token, TokenSecret};
use portcullis_id::{EntropyError, State, Timestamp, TokenId, hours, minutes};

/// A new one-time token: the row for storage and the secret for its holder.
pub(crate) struct Minted {
    pub(crate) row: Token,
    pub(crate) secret: TokenSecret,
}

impl Credentials {
    /// A token of `account`, to be [put](crate::Tokens::put_token).
    pub(crate) fn token(
        &self,
        account: &Account,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Minted, CredentialError> {
        let secret = TokenSecret::fresh(&*self.entropy)?;
        let life = match purpose {
            Purpose::Invitation => hours(self.policy.settings().invitation_hours),
            Purpose::Reset => self.policy.reset(),
            Purpose::ChangePassword | Purpose::SecondFactor | Purpose::EnrolFactor => {
                minutes(self.policy.settings().step_minutes)
            }
        };
        let row = Token {
            id: TokenId::new(now, &*self.entropy)?,
            user: account.user,
            purpose,
            digest: secret.digest().ok_or_else(EntropyError::exhausted)?,
            epoch: account.epoch,
            created_at: now,
            expires_at: now.after(life),
        };
        Ok(Minted { row, secret })
    }
}

pub(crate) fn live(
    found: Option<(Token, Account)>,
    now: Timestamp,
) -> Result<(Token, Account), Why> {
    let Some((token, account)) = found else {
        return Err((Cause::UnknownToken, None));
    };
    let cause = if token.expires_at <= now {
        Some(Cause::ExpiredToken)
    } else if token.epoch != account.epoch {
        Some(Cause::Superseded)
    } else if let Some(until) = account.tries.locked(now) {
        Some(Cause::Locked(until))
    } else {
        match account.standing().at(now) {
            State::Usable | State::Invited | State::ChangeDue => None,
            state => Some(Cause::Standing(state)),
        }
    };
    match cause {
        Some(cause) => Err((cause, Some(token.user))),
        None => Ok((token, account)),
    }
}
