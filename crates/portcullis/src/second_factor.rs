use crate::{Error, Me, Portal, PortalTx};
use portcullis_credentials::{
    EnrolFactor, EnrolStep, Enrolled, FactorCode, FactorOffer, FactorStep, Proof, Refusal,
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

    /// What to set up an app of one's own accord with; the current password is needed.
    ///
    /// # Errors
    /// Invalid where the portal was [given](crate::PortalBuilder::key_ring) no key ring;
    /// [`SignedOut`](crate::ErrorKind::SignedOut) for who did not sign in here.
    pub fn offer_own_factor(
        &self,
        me: &Me,
        current: &SecretString,
        source: &Source,
    ) -> Result<Result<FactorOffer, Refusal>, Error> {
        let (credentials, proof) = (&self.rules().credentials, proof(me)?);
        Ok(credentials.offer_own_factor(self.store(), proof, current, source, me.at())?)
    }

    /// Confirms that app with its first code. It ends all of one's sessions; start a new one.
    ///
    /// # Errors
    /// As [`Portal::offer_own_factor`].
    pub fn enrol_own_factor(
        &self,
        me: &Me,
        code: &SecretString,
        source: &Source,
    ) -> Result<Result<Enrolled, Refusal>, Error> {
        let (credentials, proof) = (&self.rules().credentials, proof(me)?);
        Ok(credentials.enrol_own_factor(self.store(), proof, code, source, me.at())?)
    }

    /// Ten new recovery codes; the current password and a code are needed.
    ///
    /// # Errors
    /// As [`Portal::offer_own_factor`].
    pub fn renew_recovery_codes(
        &self,
        me: &Me,
        current: &SecretString,
        code: FactorCode<'_>,
        source: &Source,
    ) -> Result<Result<Enrolled, Refusal>, Error> {
        let (credentials, proof) = (&self.rules().credentials, proof(me)?);
        let store = self.store();
        Ok(credentials.renew_recovery_codes(store, proof, current, code, source, me.at())?)
    }

    /// Takes one's app and recovery codes away; the current password and a code are needed. No proof
    /// comes back to who must have a factor: they sign in anew, and set one up.
    ///
    /// # Errors
    /// As [`Portal::offer_own_factor`].
    pub fn remove_own_factor(
        &self,
        me: &Me,
        current: &SecretString,
        code: FactorCode<'_>,
        source: &Source,
    ) -> Result<Result<Option<Proof>, Refusal>, Error> {
        let (credentials, proof) = (&self.rules().credentials, proof(me)?);
        let store = self.store();
        Ok(credentials.remove_own_factor(store, proof, current, code, source, me.at())?)
    }
}

fn proof(me: &Me) -> Result<&Proof, Error> {
    Ok(me.session().ok_or_else(Error::signed_out)?.proof())
}
