use crate::factors::Demand;
use crate::limits::Visit;
use crate::{
    Account, AccountEvent, Cause, CredentialError, CredentialTx, Credentials, Proof, Purpose,
    SignIn, Step,
};
use portcullis_ledger::Actor;

impl Credentials {
    /// Behind the right password, and the new one if one was due: the next step, or in.
    pub(crate) fn onward(
        &self,
        tx: &mut dyn CredentialTx,
        account: &Account,
        demand: Option<Demand>,
        visit: Visit<'_>,
    ) -> Result<SignIn, CredentialError> {
        // Where there is a factor its code comes before a new password: one who has only the password
        // that is due to be replaced changes nothing with it.
        let (purpose, event) = match demand {
            Some(Demand::Code) => (Purpose::SecondFactor, AccountEvent::CodeDue),
            _ if account.change_due => (Purpose::ChangePassword, AccountEvent::ChangeDue),
            Some(Demand::Enrolment) => (Purpose::EnrolFactor, AccountEvent::EnrolmentDue),
            None => return self.signed_in(tx, account, visit),
        };
        let token = self.token(account, purpose, visit.now)?;
        if !tx.put_token(&token.row)? {
            let refusal = self.refuse(tx, Cause::Superseded, Some(account.user), visit)?;
            return Ok(SignIn::Refused(refusal));
        }
        let actor = Actor::User(account.user);
        let detail = format!("from {}", visit.source);
        self.trail(&actor, visit.now)
            .record(tx, event, Some(account.user), detail)?;
        Ok(match purpose {
            Purpose::SecondFactor => SignIn::SecondFactor(Step::new(token.secret)),
            Purpose::ChangePassword => SignIn::ChangePassword(Step::new(token.secret)),
            _ => SignIn::EnrolFactor(Step::new(token.secret)),
        })
    }

    /// The last step is done.
    pub(crate) fn signed_in(
        &self,
        tx: &mut dyn CredentialTx,
        account: &Account,
        visit: Visit<'_>,
    ) -> Result<SignIn, CredentialError> {
        let user = account.user;
        let detail = format!("from {}", visit.source);
        self.trail(&Actor::User(user), visit.now).record(
            tx,
            AccountEvent::SignedIn,
            Some(user),
            detail,
        )?;
        Ok(SignIn::Done(Proof::new(user, account.epoch, visit.now)))
    }
}
