use super::{PAGE, Resealed, SealedIn};
use crate::accounts::Trail;
use crate::factors::SEALED_FOR;
use crate::tokens::sealed_for;
use crate::{
    AccountEvent, CredentialError, CredentialTx, Credentials, KeyRing, KeyRingError, Sealed,
};
use portcullis_id::{MailId, UserId};
use portcullis_ledger::{Mail, Recipient, SealedText};

impl Credentials {
    /// Those that an app is being set up with are among them.
    pub(super) fn reseal_factors(
        &self,
        tx: &mut dyn CredentialTx,
        after: Option<UserId>,
        trail: &Trail<'_>,
        seen: &mut Resealed,
    ) -> Result<Option<UserId>, CredentialError> {
        let ring = self.key_ring()?;
        let page = tx.factors_after(after, PAGE)?;
        let (last, mut done) = (page.last().map(|factor| factor.user), 0);
        for factor in page {
            let sealed = factor.secret.iter().chain(&factor.pending);
            for old in sealed.filter(|sealed| ring.is_old(sealed)) {
                match self.sealed_anew(ring, SEALED_FOR, factor.user, old)? {
                    Ok(new) => done += u64::from(tx.reseal_factor(factor.user, old, &new)?),
                    Err(why) => seen.does_not_open(SealedIn::Factor(factor.user), why),
                }
            }
        }
        trail.resealed(tx, AccountEvent::FactorsResealed, done, "secrets", seen)?;
        Ok(last)
    }

    pub(super) fn reseal_mails(
        &self,
        tx: &mut dyn CredentialTx,
        after: Option<MailId>,
        trail: &Trail<'_>,
        seen: &mut Resealed,
    ) -> Result<Option<MailId>, CredentialError> {
        let page = tx.sealed_mails_after(after, PAGE)?;
        let (last, mut done) = (page.last().map(|mail| mail.id), 0);
        for mail in page {
            match self.mail_anew(&mail)? {
                Some(Ok((old, new))) => done += u64::from(tx.reseal_mail(mail.id, old, &new)?),
                Some(Err(why)) => seen.does_not_open(SealedIn::Mail(mail.id), why),
                None => {}
            }
        }
        trail.resealed(tx, AccountEvent::MailsResealed, done, "mails", seen)?;
        Ok(last)
    }

    /// `mail` as it is to be put back into the outbox, where it was taken before a change of keys: what
    /// it carries is sealed under the key that seals now. One that does not open goes back as it was.
    ///
    /// # Errors
    /// [`CredentialError::Entropy`].
    pub fn mail_to_put_back(&self, mut mail: Mail) -> Result<Mail, CredentialError> {
        if let Some(Ok((_, new))) = self.mail_anew(&mail)? {
            mail.sealed = Some(new);
        }
        Ok(mail)
    }

    /// What a mail carries under an old key, and the same under the one that seals now.
    fn mail_anew<'m>(&self, mail: &'m Mail) -> Result<Option<Anew<'m>>, CredentialError> {
        let (Recipient::User(user), Some(old), Some(ring)) =
            (&mail.to, &mail.sealed, self.key_ring.as_deref())
        else {
            return Ok(None);
        };
        let sealed = Sealed::from_stored(old.text());
        if !ring.is_old(&sealed) {
            return Ok(None);
        }
        let new = self.sealed_anew(ring, &sealed_for(mail.id), *user, &sealed)?;
        Ok(Some(
            new.map(|new| (old, SealedText::from_stored(new.text()))),
        ))
    }

    fn sealed_anew(
        &self,
        ring: &KeyRing,
        purpose: &str,
        user: UserId,
        old: &Sealed,
    ) -> Result<Result<Sealed, KeyRingError>, CredentialError> {
        let plain = match ring.open(purpose, user, old) {
            Ok(plain) => plain,
            Err(why) => return Ok(Err(why)),
        };
        ring.seal(purpose, user, &plain, &*self.entropy).map(Ok)
    }
}

type Anew<'m> = Result<(&'m SealedText, SealedText), KeyRingError>;
