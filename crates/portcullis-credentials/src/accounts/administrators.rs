use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::{StoreError, StoreErrorKind};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// Who could unlock an account, so that the last of them is only ever locked for a time: otherwise
/// anybody who knows their user name could lock everybody out for good (promise 5, bug 12).
///
/// Who that is is not for these rules to know. It is said once, to
/// [`Credentials::new`](crate::Credentials::new).
#[derive(Clone)]
pub struct Administrators(Option<Arc<Asked>>);

type Asked = dyn Fn(&mut dyn Any, UserId, Timestamp) -> Result<bool, StoreError> + Send + Sync;

impl Administrators {
    /// None of these accounts is needed to unlock another: the host unlocks by other means. Any of
    /// them may be locked until it does.
    pub const fn none() -> Self {
        Self(None)
    }

    /// `is_last` says of a user whether nobody else could unlock them: whether they administer and
    /// no other administrator is both in good standing and not locked for good.
    ///
    /// It is asked in the unit of work that would lock, whose turn among the writers no change of
    /// administrators overlaps; only about a lock that was reached, never for a sign-in that goes
    /// well. `Tx` is the unit of work of the store that people sign in with.
    ///
    /// ```
    /// use portcullis_credentials::{Accounts, Administrators, CredentialTx};
    /// use portcullis_id::{Timestamp, UserId};
    ///
    /// /// For a host with one administrator, known by the id.
    /// fn only<Tx: CredentialTx + 'static>(root: UserId) -> Administrators {
    ///     Administrators::asked(move |_: &mut Tx, user, _| Ok(user == root))
    /// }
    /// ```
    pub fn asked<Tx: 'static>(
        is_last: impl Fn(&mut Tx, UserId, Timestamp) -> Result<bool, StoreError> + Send + Sync + 'static,
    ) -> Self {
        Self(Some(Arc::new(
            move |tx: &mut dyn Any, user, now| match tx.downcast_mut::<Tx>() {
                Some(tx) => is_last(tx, user, now),
                None => Err(StoreError::new(
                    StoreErrorKind::Misuse,
                    "administrators were to be looked up in another kind of store than this sign-in uses; \
                     give `Administrators::asked` the unit of work of this one",
                )),
            },
        )))
    }

    pub(crate) fn is_last<Tx: 'static>(
        &self,
        tx: &mut Tx,
        user: UserId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.0
            .as_ref()
            .map_or(Ok(false), |is_last| is_last(tx, user, now))
    }
}

impl fmt::Debug for Administrators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            None => "Administrators::none()",
            Some(_) => "Administrators::asked(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_id::{Entropy, EntropyError};

    struct Zeros;

    impl Entropy for Zeros {
        fn fill(&self, _: &mut [u8]) -> Result<(), EntropyError> {
            Ok(())
        }
    }

    #[test]
    fn who_is_last_is_asked_of_the_store_it_was_said_for() {
        let now = Timestamp::from_millis(0);
        let user = UserId::new(now, &Zeros).unwrap();
        assert!(
            !Administrators::none()
                .is_last(&mut 1_u8, user, now)
                .unwrap()
        );
        let asked = Administrators::asked(|tx: &mut u8, _, _| Ok(*tx == 1));
        assert!(asked.is_last(&mut 1_u8, user, now).unwrap());
        assert!(!asked.is_last(&mut 2_u8, user, now).unwrap());
        let other = asked.is_last(&mut 1_u16, user, now).unwrap_err();
        assert_eq!(other.kind(), StoreErrorKind::Misuse);
    }
}
