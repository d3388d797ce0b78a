use super::token::live;
use crate::authentication::{Undone, whole};
use crate::limits::Visit;
use crate::passwords::{self, NewHash, Present};
use crate::{
    Account, AccountEvent, Cause, CredentialError, CredentialTx, Credentials, NewPassword, Purpose,
    Retry, TokenSecret, Tokens,
};
use portcullis_id::UserId;
use portcullis_ledger::{Actor, Scope, Store, StoreExt};
use secrecy::SecretString;

impl Credentials {
    /// Sets the password of who came by a link, whatever it is for. It signs nobody in: that is the
    /// next thing they do.
    pub(crate) fn follow_link<S>(
        &self,
        store: &S,
        purpose: Purpose,
        secret: &TokenSecret,
        new: &SecretString,
        visit: Visit<'_>,
    ) -> Result<NewPassword<UserId>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        self.redeem(store, purpose, secret, new, visit, |_, account| {
            Ok(account.user)
        })
    }

    /// Sets a new password on the strength of a token. Token, standing and lock are checked at
    /// the start and again in the commit that uses the token up (bug 6), and so is the factor that a
    /// short password stands beside; a password that will not do uses nothing up. The hash is
    /// computed outside any transaction. What follows is `then`'s to say, in the same commit: a new
    /// password alone signs nobody in.
    pub(crate) fn redeem<S, T>(
        &self,
        store: &S,
        purpose: Purpose,
        secret: &TokenSecret,
        new: &SecretString,
        visit: Visit<'_>,
        then: impl FnOnce(&mut dyn CredentialTx, &Account) -> Result<T, CredentialError>,
    ) -> Result<NewPassword<T>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let digest = secret.digest();
        let found = store.conditionally(|tx| {
            if let Err(refusal) = self.admit(tx, visit)? {
                return Ok(Err(refusal));
            }
            let found = match &digest {
                Some(digest) => tx.token(digest, purpose)?,
                None => None,
            };
            match live(found, visit.now) {
                Ok((token, account)) => {
                    let guard = Self::guard(tx, account.user)?;
                    let former = self.former(tx, account.user)?;
                    Ok(Ok((token, account, guard, former)))
                }
                Err((cause, user)) => self
                    .refuse(tx, cause, user, visit)
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
        let made = match self.hash_new(&account, present, &former, new)? {
            Ok(made) => made,
            Err(retry) => return Ok(NewPassword::Again(retry)),
        };
        let done = whole(store, |tx| {
            let (_, account) = live(tx.token(&digest, purpose)?, visit.now)?;
            let user = Some(account.user);
            if let Some(flaw) = self.outgrown(tx, new, &account, guard)? {
                return Ok(Err(Retry::Flaw(flaw)));
            }
            if !self.put_password(tx, &account, &made.hash, false, visit.now)? {
                return Err(Undone::Refused((Cause::Superseded, user)));
            }
            if tx.consume_token(&digest, purpose)?.is_none() {
                return Err(Undone::Refused((Cause::UnknownToken, user)));
            }
            self.password_set(tx, account.user, &made, visit)?;
            let account = Account {
                password: Some(made.hash),
                change_due: false,
                epoch: account.epoch.next(),
                ..account
            };
            Ok(Ok(then(tx, &account)?))
        })?;
        Ok(match done {
            Ok(Ok(done)) => NewPassword::Set(done),
            Ok(Err(retry)) => NewPassword::Again(retry),
            Err(why) => NewPassword::Refused(self.refused(store, why, visit)?.to_link()),
        })
    }

    /// What a new password leaves behind, whichever way it was set by its owner.
    pub(crate) fn password_set(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        new: &NewHash,
        visit: Visit<'_>,
    ) -> Result<(), CredentialError> {
        let actor = Actor::User(user);
        let mut detail = format!("from {}", visit.source);
        if new.unopened > 0 {
            let passed_over = format!("; not compared with {} that do not open", new.unopened);
            detail.push_str(&passed_over);
        }
        self.trail(&actor, visit.now)
            .record(tx, AccountEvent::PasswordSet, Some(user), detail)?;
        tx.bump(Scope::Policy)?;
        Ok(())
    }
}
