//! The authenticator app and the paper with the recovery codes that tests hold in their hands.

use crate::world::{RIGHT, T0, World};
use data_encoding::BASE32_NOPAD;
use portcullis_credentials::{
    Cause, EnrolStep, FactorCode, FactorOffer, FactorStep, Proof, RecoveryCodes, SecondFactor,
    SecretString, SignIn, Step,
};
use portcullis_id::Timestamp;
use secrecy::ExposeSecret;
use totp_rs::{Builder, Secret};

/// How long a code lasts.
pub(crate) const STEP: i64 = 30_000;

/// An app that was set up.
pub(crate) struct Phone([u8; 20]);

impl Phone {
    pub(crate) fn scan(offer: &FactorOffer) -> Self {
        let text = offer.secret();
        let bytes = BASE32_NOPAD.decode(text.expose_secret().as_bytes());
        Self(bytes.unwrap().try_into().unwrap())
    }

    pub(crate) fn code(&self, now: Timestamp) -> SecretString {
        let secret = Secret::new_stack(self.0);
        let totp = Builder::new().with_secret(secret).build().unwrap();
        let seconds = u64::try_from(now.millis() / 1000).unwrap();
        SecretString::from(totp.generate(seconds).to_string())
    }

    /// A code that is none, now or near it.
    pub(crate) fn wrong(&self, now: Timestamp) -> SecretString {
        let near: Vec<String> = (-2..=2)
            .map(|n| self.code(later(now, n)).expose_secret().to_owned())
            .collect();
        let mut codes = (0..).map(|n| format!("{n:06}"));
        SecretString::from(codes.find(|code| !near.contains(code)).unwrap())
    }
}

/// So many steps later.
pub(crate) fn later(now: Timestamp, steps: i64) -> Timestamp {
    Timestamp::from_millis(now.millis() + steps * STEP)
}

impl World {
    /// Ada has set up an app in a session of hers, a while before `T0`.
    pub(crate) fn enrolled(&self) -> (Phone, RecoveryCodes) {
        let before = later(T0, -10);
        let session = self.begin(before);
        let (fresh, _) = self.confirm(&session, RIGHT, None, before).unwrap();
        let (store, from) = (&self.store, &self.source);
        let offer = self
            .credentials
            .offer_own_factor(store, &fresh, from, before);
        let phone = Phone::scan(&offer.unwrap().unwrap());
        let code = phone.code(before);
        let enrolled = self
            .credentials
            .enrol_own_factor(store, &fresh, &code, from, before);
        (phone, enrolled.unwrap().unwrap().recovery)
    }

    /// A right password, and the step behind it.
    pub(crate) fn code_due(&self, now: Timestamp) -> Step<SecondFactor> {
        match self.try_sign_in("ada", RIGHT, now) {
            SignIn::SecondFactor(step) => step,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn answer(
        &self,
        step: Step<SecondFactor>,
        code: FactorCode<'_>,
        now: Timestamp,
    ) -> FactorStep {
        self.credentials
            .second_factor(&self.store, step, code, &self.source, now)
            .unwrap()
    }

    /// Password and code at once.
    pub(crate) fn with_code(&self, code: FactorCode<'_>, now: Timestamp) -> Result<Proof, Cause> {
        let step = self.code_due(now);
        done(self.answer(step, code, now))
    }

    /// Sets up what is enforced, on the way in.
    pub(crate) fn enrol_on_the_way(&self, sign_in: SignIn, now: Timestamp) -> (Phone, Proof) {
        let SignIn::EnrolFactor(step) = sign_in else {
            panic!("{sign_in:?}");
        };
        let offer = self
            .credentials
            .offer_factor(&self.store, &step, &self.source, now);
        let phone = Phone::scan(&offer.unwrap().unwrap());
        let code = phone.code(now);
        let enrolled = self
            .credentials
            .enrol_factor(&self.store, step, &code, &self.source, now);
        match enrolled.unwrap() {
            EnrolStep::Enrolled(_, SignIn::Done(proof)) => (phone, proof),
            other => panic!("{other:?}"),
        }
    }
}

pub(crate) fn done(answer: FactorStep) -> Result<Proof, Cause> {
    match answer {
        FactorStep::Onward(SignIn::Done(proof)) => Ok(proof),
        FactorStep::Onward(SignIn::Refused(refusal)) | FactorStep::Again(_, refusal) => {
            Err(refusal.cause())
        }
        FactorStep::Onward(other) => panic!("{other:?}"),
    }
}
