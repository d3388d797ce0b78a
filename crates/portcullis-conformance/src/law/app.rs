//! The authenticator app that laws hold in their hands.

use super::attempts::RIGHT;
use crate::NOW;
use data_encoding::BASE32_NOPAD;
use portcullis::credentials::{
    CredentialTx, Credentials, EnrolFactor, EnrolStep, FactorOffer, RecoveryCodes, SecretString,
    SignIn, Source, Step,
};
use portcullis::id::{Timestamp, UserId};
use portcullis::ledger::{Actor, Store, StoreExt};
use secrecy::ExposeSecret;
use totp_rs::{Builder, Secret};

/// How long a code lasts, in milliseconds.
pub(super) const STEP: i64 = 30_000;

/// An app that was set up.
pub(super) struct App([u8; 20]);

impl App {
    pub(super) fn scan(offer: &FactorOffer) -> Self {
        let text = offer.secret();
        let bytes = BASE32_NOPAD.decode(text.expose_secret().as_bytes());
        Self(bytes.unwrap().try_into().unwrap())
    }

    /// What it shows.
    pub(super) fn code(&self, at: Timestamp) -> SecretString {
        let totp = Builder::new().with_secret(Secret::new_stack(self.0));
        let seconds = u64::try_from(at.millis() / 1000).unwrap();
        SecretString::from(totp.build().unwrap().generate(seconds).to_string())
    }

    /// Demands a factor of the user of that name, who has the right password, and sets it up on the
    /// way in, a code before [`NOW`].
    pub(super) fn enrolled<S>(
        credentials: &Credentials,
        store: &S,
        user: UserId,
        name: &str,
    ) -> (Self, RecoveryCodes)
    where
        S: Store,
        S::Tx: CredentialTx,
    {
        let step = enforced(credentials, store, user, name);
        let before = Timestamp::from_millis(NOW.millis() - STEP);
        let offer = credentials.offer_factor(store, &step, &from(), before);
        let app = Self::scan(&offer.unwrap().unwrap());
        let code = app.code(before);
        match credentials.enrol_factor(store, step, &code, &from(), before) {
            Ok(EnrolStep::Enrolled(codes, SignIn::Done(_))) => (app, codes),
            other => panic!("{other:?}"),
        }
    }
}

/// The open step of who must set up a factor.
pub(super) fn enforced<S>(
    credentials: &Credentials,
    store: &S,
    user: UserId,
    name: &str,
) -> Step<EnrolFactor>
where
    S: Store,
    S::Tx: CredentialTx,
{
    let by = Actor::Operator("conformance".to_owned());
    let enforced = store.write(|tx| credentials.enforce_factor(tx, user, true, &by, NOW));
    assert!(enforced.unwrap());
    let password = SecretString::from(RIGHT);
    match credentials.sign_in(store, name, &password, &from(), NOW) {
        Ok(SignIn::EnrolFactor(step)) => step,
        other => panic!("{other:?}"),
    }
}

fn from() -> Source {
    Source::new("10.0.0.1")
}
