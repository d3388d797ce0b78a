use super::lifecycle::in_hand;
use super::name;
use crate::policy::Guard;
use crate::{
    Account, AccountEvent, CredentialError, CredentialTx, Credentials, Expiry, LoginName,
    PasswordHash, PasswordSetBy, Rate, Rates, Retry, Tries, passwords,
};
use portcullis_id::{Epoch, Timestamp, UserId};
use portcullis_ledger::{Actor, Scope, Store, StoreExt};
use secrecy::SecretString;

/// An account to be made.
#[derive(Debug)]
pub struct NewAccount {
    /// For whom; the id under which everything else knows them.
    pub user: UserId,
    /// Their user name.
    pub name: LoginName,
    /// Their first password, or how it comes about.
    pub password: FirstPassword,
    /// When it expires, if ever (S27, S28): [`Expiry::starting`] now, or as a file has kept it.
    pub expiry: Option<Expiry>,
}

/// Where the first password of an account comes from.
#[derive(Debug)]
#[non_exhaustive]
pub enum FirstPassword {
    /// None yet: set by the user, from an [invitation](Credentials::invite).
    ToBeSet,
    /// None ever here: they sign in through the directory, which keeps it (S30, S31).
    InDirectory,
    /// Given by staff, where the policy has it so (D13, S17).
    Assigned(HashedPassword),
    /// Brought along from a file, as its hash; [checked](crate::Kdf::check) before it is kept.
    Imported {
        /// A PHC string of the function in use.
        hash: PasswordHash,
        /// Whether a new one must be set at the next sign-in.
        change_due: bool,
    },
}

/// A password that met the policy, hashed. Made by [`Credentials::hash_password`] and
/// [`Credentials::generate_password`] alone. The password goes with it, to be compared with the name
/// of the account that it is given to, and to be mailed by the call that sets it (choice 15): it
/// does not print, and nothing gives it out. It is given to one user and used up, because two would
/// share hash and salt:
///
/// ```compile_fail,E0382
/// use portcullis_credentials::{FirstPassword, HashedPassword};
/// fn twins(hashed: HashedPassword) -> [FirstPassword; 2] {
///     [FirstPassword::Assigned(hashed), FirstPassword::Assigned(hashed)]
/// }
/// ```
#[derive(Debug)]
pub struct HashedPassword {
    pub(crate) hash: PasswordHash,
    pub(crate) password: SecretString,
    pub(crate) generated: bool,
}

impl Credentials {
    /// Hashes a password that staff gives out, before the unit of work that uses it: a hash takes
    /// its time, and the one writer should not wait for it. The inner error is for who chose the
    /// password.
    ///
    /// # Errors
    /// [`CredentialError::Kdf`] when the function fails.
    pub fn hash_password(
        &self,
        new: &SecretString,
    ) -> Result<Result<HashedPassword, Retry>, CredentialError> {
        // Whose it will be, and so what it must be of itself, is checked where it is given to them.
        if let Err(flaw) = passwords::check(&self.policy, new, None, Guard::Factor) {
            return Ok(Err(Retry::Flaw(flaw)));
        }
        let Some(run) = self.hasher.run() else {
            return Ok(Err(Retry::Overloaded));
        };
        Ok(Ok(HashedPassword {
            hash: run.hash(new, &*self.entropy)?,
            password: new.clone(),
            generated: false,
        }))
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`CredentialError::NameTaken`] when the name is in use in any spelling, over all clients
    /// (D5, S16, choice 16): tell [`name_was_taken`](Self::name_was_taken) once the unit of work was
    /// given up; [`CredentialError::TooManyNames`] for a user who asks for too many, free or taken;
    /// [`CredentialError::Name`] for one that the policy does not take;
    /// [`CredentialError::NotThisWay`] for an assigned password where the
    /// invitee sets it; [`CredentialError::Password`] for one that is made of the user's name;
    /// [`CredentialError::Kdf`] for an imported hash that will not do;
    /// [`CredentialError::NoDirectory`] where there is none to sign in through.
    pub fn create_account(
        &self,
        tx: &mut dyn CredentialTx,
        new: NewAccount,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        name::check(&self.policy, &new.name)?;
        Self::name_asked(tx, by, now)?;
        let directory = matches!(new.password, FirstPassword::InDirectory);
        let (password, change_due, how) = match new.password {
            FirstPassword::ToBeSet => (None, false, "password to be set"),
            FirstPassword::InDirectory => {
                self.directory()?;
                (None, false, "password in the directory")
            }
            FirstPassword::Assigned(given) => {
                let change_due = self.change_after(&given)?;
                passwords::check(
                    &self.policy,
                    &given.password,
                    Some(&new.name),
                    Guard::Password,
                )?;
                (Some(given.hash), change_due, "password assigned")
            }
            FirstPassword::Imported { hash, change_due } => {
                self.hasher.kdf().check(&hash)?;
                (Some(hash), change_due, "password imported")
            }
        };
        let sealed = password.map(|hash| self.seal_hash(new.user, &hash));
        let account = Account {
            user: new.user,
            name: new.name,
            password: sealed.transpose()?,
            directory,
            change_due,
            suspended_at: None,
            disabled_at: None,
            expiry: new.expiry,
            epoch: Epoch::FIRST,
            tries: Tries::default(),
            created_at: now,
        };
        if !tx.add_account(&account)? {
            return Err(CredentialError::NameTaken);
        }
        let detail = format!("{}, {how}", account.name);
        self.finish(tx, AccountEvent::Created, account.user, detail, by, now)
    }

    /// Gives out a new password for who forgot theirs (D31, S53): the old one is not asked for
    /// (S60), all sessions end, and a new one is due at the next sign-in where the policy has it
    /// so. A lock stays.
    ///
    /// # Errors
    /// [`CredentialError::NotThisWay`] where the invitee sets it: [`invite`](Self::invite) them;
    /// [`CredentialError::InDirectory`] for who has no password here; [`CredentialError::Password`]
    /// for a password that is made of the user's name.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "used up, so that no second user gets it"
    )]
    pub fn assign_password(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        new: HashedPassword,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        let change_due = self.change_after(&new)?;
        let account = tx.account(user)?.ok_or(CredentialError::NoAccount(user))?;
        in_hand(Some(&account))?;
        let guard = Self::guard(tx, user)?;
        passwords::check(&self.policy, &new.password, Some(&account.name), guard)?;
        let hash = self.seal_hash(user, &new.hash)?;
        if !self.put_password(tx, &account, &hash, change_due, now)? {
            return Err(CredentialError::Superseded);
        }
        self.finish(
            tx,
            AccountEvent::PasswordAssigned,
            user,
            String::new(),
            by,
            now,
        )
    }

    /// Removes an account with its sessions, steps and invitations (D32, D33).
    ///
    /// # Errors
    /// [`CredentialError::NoAccount`].
    pub fn remove_account(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        if !tx.remove_account(user)? {
            return Err(CredentialError::NoAccount(user));
        }
        self.finish(tx, AccountEvent::Removed, user, String::new(), by, now)
    }

    /// Drops tokens and sessions that are dead by the clock; how many. What was paid back of the
    /// limits goes with them, uncounted. For a host's nightly job.
    ///
    /// It takes the store, because one commit must not hold limits of two kinds: a visitor who asks
    /// for a reset takes that of their source and then that of the user, and would wait for the
    /// purge while the purge waits for them.
    ///
    /// # Errors
    /// [`CredentialError`] when storage fails; what was dropped before stays dropped.
    pub fn purge<S>(&self, store: &S, now: Timestamp) -> Result<u64, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let dropped = store.write(|tx| {
            let tx: &mut dyn CredentialTx = tx;
            let tokens = tx.drop_tokens(now)?;
            let sessions = tx.drop_sessions(
                now.before(self.policy.session_max()),
                now.before(self.policy.session_idle()),
            )?;
            Ok::<_, CredentialError>(tokens.saturating_add(sessions))
        })?;
        for what in Rate::KINDS {
            store.conditionally(|tx| tx.drop_rates(what, now))?;
        }
        Ok(dropped)
    }

    /// The audit entry of a change of standing, and its revision, last.
    pub(crate) fn finish(
        &self,
        tx: &mut dyn CredentialTx,
        event: AccountEvent,
        user: UserId,
        detail: String,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        self.trail(by, now).record(tx, event, Some(user), detail)?;
        tx.bump(Scope::Policy)?;
        Ok(())
    }

    /// Whether a new password is due behind one that was given out.
    pub(crate) fn change_after(&self, given: &HashedPassword) -> Result<bool, CredentialError> {
        match self.policy.settings().password_set_by {
            PasswordSetBy::Invitee => Err(CredentialError::NotThisWay(
                "users set their passwords themselves, from an invitation",
            )),
            PasswordSetBy::Generated | PasswordSetBy::GeneratedThenChange if !given.generated => {
                Err(CredentialError::NotThisWay(
                    "passwords are made up, and nobody chooses one for another",
                ))
            }
            PasswordSetBy::Staff | PasswordSetBy::Generated => Ok(false),
            PasswordSetBy::StaffThenChange | PasswordSetBy::GeneratedThenChange => Ok(true),
        }
    }
}
