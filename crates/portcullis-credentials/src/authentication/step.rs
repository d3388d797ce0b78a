use crate::TokenSecret;
use std::fmt;
use std::marker::PhantomData;

/// What a sign-in still waits for. It is consumed by the call that answers it, and cannot be
/// cloned, so it is used once; behind it is a one-time token bound to the user, the epoch and a
/// short time, so it is used once however many copies of its secret there are.
///
/// ```compile_fail,E0382
/// use portcullis_credentials::*;
/// # use portcullis_id::Timestamp; use portcullis_ledger::Store;
/// fn twice<S: Store>(c: &Credentials, store: &S, step: Step<ChangePassword>, new: &SecretString, from: &Source, now: Timestamp)
/// where S::Tx: CredentialTx {
///     let _ = c.set_new_password(store, step, new, from, now);
///     let _ = c.set_new_password(store, step, new, from, now); // the step is gone
/// }
/// ```
#[must_use = "ask the visitor for what the step waits for"]
pub struct Step<S> {
    secret: TokenSecret,
    kind: PhantomData<fn() -> S>,
}

/// A [`Step`] that waits for a new password.
#[derive(Debug)]
pub enum ChangePassword {}

/// A [`Step`] that waits for a code of the second factor.
#[derive(Debug)]
pub enum SecondFactor {}

/// A [`Step`] that waits for a second factor to be set up.
#[derive(Debug)]
pub enum EnrolFactor {}

impl<S> Step<S> {
    pub(crate) const fn new(secret: TokenSecret) -> Self {
        Self {
            secret,
            kind: PhantomData,
        }
    }

    pub(crate) const fn secret(&self) -> &TokenSecret {
        &self.secret
    }

    /// The secret to keep between two web requests, in a cookie or a hidden field.
    pub fn into_secret(self) -> TokenSecret {
        self.secret
    }

    /// The step that was open when `secret` was kept. Whether it still is comes out when it is
    /// answered.
    pub const fn resume(secret: TokenSecret) -> Self {
        Self::new(secret)
    }
}

impl<S> fmt::Debug for Step<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Step(..)")
    }
}
