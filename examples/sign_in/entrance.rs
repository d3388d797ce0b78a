//! The front page: what a host's program does with each arm.

use super::stage::{Result, Stage};
use portcullis::credentials::{SecretString, SignIn};
use portcullis::id::Timestamp;

impl Stage {
    /// Types a name and a password.
    pub(crate) fn knock(&self, name: &str, password: &str, now: Timestamp) -> Result<SignIn> {
        let password = SecretString::from(password);
        Ok(self.portal.sign_in(name, &password, &self.desktop, now)?)
    }

    /// Goes on with an outcome as far as this page can, and says how that ended.
    pub(crate) fn said(&self, outcome: SignIn, now: Timestamp) -> Result<String> {
        Ok(match outcome {
            SignIn::Done(proof) => {
                let session = self.portal.start_session(proof, now)?;
                self.portal.session(&session, now)?;
                "signed in".to_owned()
            }
            SignIn::ChangePassword(_) => "a new password is due".to_owned(),
            SignIn::SecondFactor(_) => "a code is due".to_owned(),
            SignIn::EnrolFactor(_) => "an app is to be set up".to_owned(),
            SignIn::Refused(refusal) => {
                format!("\"{}\" (for staff: {})", refusal.shown(), refusal.cause())
            }
            _ => "this program is older than its portal".to_owned(),
        })
    }
}

/// Prints what came of something, and stops where that is not what should.
#[expect(clippy::print_stdout, reason = "a program that shows something")]
pub(crate) fn expect(what: &str, came: &str, should: &str) -> Result {
    println!("  {what}: {came}");
    if came.contains(should) {
        Ok(())
    } else {
        Err(format!("{what}: it should be `{should}`").into())
    }
}
