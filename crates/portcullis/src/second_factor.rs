use crate::{Error, Portal, PortalTx};
use portcullis_credentials::{
    EnrolFactor, EnrolStep, Enrolled, FactorCode, FactorOffer, FactorStep, Fresh, Proof, Refusal,
    SecondFactor, SecretString, Source, Step,
};
use portcullis_id::Timestamp;
use portcullis_ledger::Store;

/// The second factor (S29): on the way in, and one's own. A [`Refusal`] is for the visitor.
impl<S> Portal<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// Answers the step of a second factor, with a code of the app or a recovery code, and goes on
    /// with the sign-in.
    ///
    /// # Errors
    /// Faults alone.
    pub fn second_factor(
        &self,
        step: Step<SecondFactor>,
        code: FactorCode<'_>,
        source: &Source,
        now: Timestamp,
    ) -> Result<FactorStep, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.second_factor(self.store(), step, code, source, now)?)
    }

    /// What to set the app up with, for who must have a second factor and has none. Asked again, it
    /// replaces what it gave before.
    ///
    /// # Errors
    /// Faults alone.
    pub fn offer_factor(
        &self,
        step: &Step<EnrolFactor>,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<FactorOffer, Refusal>, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.offer_factor(self.store(), step, source, now)?)
    }

    /// Confirms that app with its first code, and goes on with the sign-in.
    ///
    /// # Errors
    /// Faults alone.
    pub fn enrol_factor(
        &self,
        step: Step<EnrolFactor>,
        code: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<EnrolStep, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.enrol_factor(self.store(), step, code, source, now)?)
    }

    /// What to set up an app of one's own accord with.
    ///
    /// # Errors
    /// Invalid where the portal was [given](crate::PortalBuilder::key_ring) no key ring.
    pub fn offer_own_factor(
        &self,
        fresh: &Fresh,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<FactorOffer, Refusal>, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.offer_own_factor(self.store(), fresh, source, now)?)
    }

    /// Confirms that app with its first code. It ends all of one's sessions; start a new one.
    ///
    /// # Errors
    /// Faults alone.
    pub fn enrol_own_factor(
        &self,
        fresh: &Fresh,
        code: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<Enrolled, Refusal>, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.enrol_own_factor(self.store(), fresh, code, source, now)?)
    }

    /// Ten new recovery codes. It ends all of one's sessions; start a new one.
    ///
    /// # Errors
    /// Faults alone.
    pub fn renew_recovery_codes(
        &self,
        fresh: &Fresh,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<Enrolled, Refusal>, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.renew_recovery_codes(self.store(), fresh, source, now)?)
    }

    /// Takes one's app and recovery codes away. No proof comes back to who must have a factor: they
    /// sign in anew, and set one up.
    ///
    /// # Errors
    /// Faults alone.
    pub fn remove_own_factor(
        &self,
        fresh: &Fresh,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<Option<Proof>, Refusal>, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.remove_own_factor(self.store(), fresh, source, now)?)
    }
}
