use crate::limits::Visit;
use crate::{Cause, CredentialError, CredentialTx, Credentials, Refusal};
use portcullis_id::UserId;
use portcullis_ledger::{Store, StoreExt};

/// Why somebody is refused, and who, where that is known.
pub(crate) type Why = (Cause, Option<UserId>);

/// Why the finish of a step was given up half-way.
pub(crate) enum Undone {
    Refused(Why),
    Failed(CredentialError),
}

impl From<Why> for Undone {
    fn from(why: Why) -> Self {
        Self::Refused(why)
    }
}

impl<E: Into<CredentialError>> From<E> for Undone {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Runs the finish of a step as one change. Who is refused half-way leaves nothing of it behind, and
/// is to be [refused](Credentials::refused) in a commit of its own.
///
/// So the rows of a user are taken in one order, in which a sign-in takes them too: the counters and
/// factors first, then the account, and what hangs on its epoch (tokens, sessions, former passwords)
/// last. The token that a finish uses up comes after the change it is for; taken before it, the
/// finish would hold the token and wait for the account while a sign-in holds the account and waits
/// to replace the token.
pub(crate) fn whole<S, T>(
    store: &S,
    finish: impl FnOnce(&mut S::Tx) -> Result<T, Undone>,
) -> Result<Result<T, Why>, CredentialError>
where
    S: Store + ?Sized,
{
    match store.write(finish) {
        Ok(done) => Ok(Ok(done)),
        Err(Undone::Refused(why)) => Ok(Err(why)),
        Err(Undone::Failed(error)) => Err(error),
    }
}

impl Credentials {
    /// A "no" in a commit of its own, for what was counted or admitted before.
    pub(crate) fn refused<S>(
        &self,
        store: &S,
        (cause, user): Why,
        visit: Visit<'_>,
    ) -> Result<Refusal, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        store.conditionally(|tx| self.refuse(tx, cause, user, visit))
    }
}
