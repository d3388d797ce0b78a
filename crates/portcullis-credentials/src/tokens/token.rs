use crate::passwords::Present;
use crate::{
    Account, AccountEvent, Cause, CredentialError, CredentialTx, Credentials, NewPassword, Purpose,
    Retry, Source, Token, TokenSecret, Tokens, passwords,
};
use portcullis_id::{EntropyError, State, Timestamp, TokenId, UserId, hours, minutes};
use portcullis_ledger::{Actor, Scope, Store, StoreExt};
use secrecy::SecretString;

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

    /// Sets a new password on the strength of a token. Token, standing and lock are checked at
    /// the start and again in the commit that uses the token up (bug 6); a password that will not
    /// do uses nothing up. The hash is computed outside any transaction. What follows is `then`'s to
    /// say, in the same commit: a new password alone signs nobody in.
    #[expect(
        clippy::too_many_arguments,
        reason = "the token, the password, from where, when, and what then"
    )]
    pub(crate) fn redeem<S, T>(
        &self,
        store: &S,
        secret: &TokenSecret,
        purpose: Purpose,
        new: &SecretString,
        source: &Source,
        now: Timestamp,
        then: impl FnOnce(&mut dyn CredentialTx, &Account) -> Result<T, CredentialError>,
    ) -> Result<NewPassword<T>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let digest = secret.digest();
        let found = store.conditionally(|tx| {
            if let Err(refusal) = self.admit(tx, source, now)? {
                return Ok(Err(refusal));
            }
            let found = match &digest {
                Some(digest) => tx.token(digest, purpose)?,
                None => None,
            };
            match live(found, now) {
                Ok((token, account)) => {
                    let guard = Self::guard(tx, account.user)?;
                    let former = self.former(tx, account.user)?;
                    Ok(Ok((token, account, guard, former)))
                }
                Err((cause, user)) => self
                    .refuse(tx, cause, user, source, now)
                    .map(|refusal| Err(refusal.to_link())),
            }
        })?;
        let (token, account, guard, former) = match found {
            Ok(found) => found,
            Err(refusal) => return Ok(NewPassword::Refused(refusal)),
        };
        let digest = token.digest;
        if let Err(flaw) = passwords::check(&self.policy, new, Some(&account.name), guard) {
            return Ok(NewPassword::Again(Retry::Flaw(flaw)));
        }
        let present = match token.purpose {
            Purpose::ChangePassword => Present::Left,
            _ => Present::Forgotten,
        };
        let hash = match self.hash_new(&account, present, &former, new)? {
            Ok(hash) => hash,
            Err(retry) => return Ok(NewPassword::Again(retry)),
        };
        store.write(|tx| {
            let refused = match live(tx.token(&digest, purpose)?, now) {
                Err(refused) => refused,
                Ok(_) if tx.consume_token(&digest, purpose)?.is_none() => {
                    (Cause::UnknownToken, Some(token.user))
                }
                Ok((_, account)) if !self.put_password(tx, &account, &hash, false, now)? => {
                    (Cause::Superseded, Some(token.user))
                }
                Ok((_, account)) => {
                    self.password_set(tx, token.user, source, now)?;
                    let account = Account {
                        password: Some(hash),
                        change_due: false,
                        epoch: token.epoch.next(),
                        ..account
                    };
                    return then(tx, &account).map(NewPassword::Set);
                }
            };
            let (cause, user) = refused;
            self.refuse(tx, cause, user, source, now)
                .map(|refusal| NewPassword::Refused(refusal.to_link()))
        })
    }

    /// What a new password leaves behind, whichever way it was set by its owner.
    pub(crate) fn password_set(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        source: &Source,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        let actor = Actor::User(user);
        let trail = self.trail(&actor, now);
        trail.record(
            tx,
            AccountEvent::PasswordSet,
            Some(user),
            format!("from {source}"),
        )?;
        tx.bump(Scope::Policy)?;
        Ok(())
    }
}

type Refused = (Cause, Option<UserId>);

pub(crate) fn live(
    found: Option<(Token, Account)>,
    now: Timestamp,
) -> Result<(Token, Account), Refused> {
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
