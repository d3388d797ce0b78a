//! A portal under each way of inviting, with ACME in it.

use portcullis::access::UserKind;
use portcullis::credentials::{
    CredentialSettings, Enclosed, HashedPassword, InvitationPayload, InvitationTrigger, KeyRing,
    NewPassword, PasswordSetBy, SecretString, SessionSecret, SignIn, Source,
};
use portcullis::desk::{Desk, FirstLogin, Letter, NewLogin, Own};
use portcullis::id::{ClientId, MailId, Timestamp};
use portcullis::ledger::{Mail, Store};
use portcullis::{Me, Portal, PortalBuilder, PortalProfile, PortalTx, presets};
use portcullis_memory::Store as Memory;
use std::sync::Arc;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
pub(crate) const CHOSEN: &str = "kwbz8hqd";
/// What the invited choose themselves: it fits every profile here.
pub(crate) const OWN: &str = "0wnch01ce42abcd";

pub(crate) struct World<S> {
    pub(crate) portal: Portal<S>,
    pub(crate) acme: ClientId,
}

pub(crate) fn ring() -> Arc<KeyRing> {
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    Arc::new(KeyRing::new("2026-11", &key).expect("a key"))
}

/// A profile that mails passwords of 6 to 15 letters and digits.
pub(crate) fn mailing(trigger: InvitationTrigger, set_by: PasswordSetBy) -> PortalProfile {
    let mut profile = presets::safe();
    profile.credentials = CredentialSettings {
        password_set_by: set_by,
        invitation_payload: InvitationPayload::Credentials,
        invitation_trigger: trigger,
        name_max_length: None,
        name_characters: portcullis::credentials::Characters::Any,
        ..CredentialSettings::six_to_fifteen_letters_and_digits()
    };
    profile
}

/// A profile whose invitations carry a link.
pub(crate) fn linking(trigger: InvitationTrigger) -> PortalProfile {
    let mut profile = presets::safe();
    profile.credentials.invitation_trigger = trigger;
    profile
}

pub(crate) fn world(profile: PortalProfile) -> World<Memory> {
    over(Memory::new(), profile)
}

pub(crate) fn over<S>(store: S, profile: PortalProfile) -> World<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    let builder = PortalBuilder::new(profile).key_ring(ring());
    let portal = builder.open(store).expect("it works");
    let desk = portal.operator("setup", NOW);
    drop(desk.found("Ada", "ada@p.example").expect("a new portal"));
    desk.settings().set_active(true).expect("an operator may");
    let acme = desk.clients().add("ACME").expect("an operator may");
    World { portal, acme }
}

pub(crate) fn login(name: &str, password: FirstLogin) -> NewLogin {
    NewLogin {
        name: name.to_owned(),
        login: name.to_owned(),
        email: Some(format!("{name}@acme.example")),
        rights: Vec::new(),
        password,
        expires_in_days: None,
    }
}

impl<S> World<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    pub(crate) fn desk(&self) -> Desk<'_, Own<'_, S>> {
        self.portal.operator("setup", NOW)
    }

    pub(crate) fn chosen(&self) -> HashedPassword {
        let password = SecretString::from(CHOSEN);
        let hashed = self.portal.credentials().hash_password(&password);
        hashed.expect("no fault").expect("it meets the policy")
    }

    /// Adds Bob of ACME.
    pub(crate) fn bob(
        &self,
        desk: &Desk<'_, Own<'_, S>>,
        password: FirstLogin,
    ) -> portcullis::id::UserId {
        let added = desk.add_user(UserKind::Client, self.acme, None, login("bob", password));
        added.expect("an operator may").0
    }

    pub(crate) fn waiting(&self) -> Vec<Mail> {
        self.desk().mails().waiting(99).expect("an operator may")
    }

    /// The one mail that waits, taken to be sent.
    pub(crate) fn letter(&self) -> Letter {
        let waiting = self.waiting();
        let [mail] = waiting.as_slice() else {
            panic!("not one mail: {waiting:?}");
        };
        self.take(mail.id).expect("it is to be sent")
    }

    pub(crate) fn take(&self, mail: MailId) -> Option<Letter> {
        self.desk().mails().take(mail).expect("no fault")
    }

    pub(crate) fn sign_in(&self, name: &str, password: &SecretString) -> SignIn {
        let from = Source::new("10.0.0.1");
        let outcome = self.portal.sign_in(name, password, &from, NOW);
        outcome.expect("no fault")
    }

    pub(crate) fn begin(&self, name: &str, password: &SecretString) -> SessionSecret {
        let SignIn::Done(proof) = self.sign_in(name, password) else {
            panic!("{name} does not get in");
        };
        self.portal.start_session(proof, NOW).expect("no fault")
    }

    pub(crate) fn enter(&self, name: &str, password: &SecretString) -> Me {
        let secret = self.begin(name, password);
        self.portal.session(&secret, NOW).expect("signed in")
    }

    /// Does what the letter says, and signs in.
    pub(crate) fn follow(&self, letter: &Letter) -> Me {
        let name = letter.login.as_ref().expect("an account").to_string();
        match &letter.enclosed {
            Enclosed::Password(password) => match self.sign_in(&name, password) {
                SignIn::ChangePassword(step) => {
                    let (next, from) = (SecretString::from(OWN), Source::new("10.0.0.1"));
                    let set = self.portal.set_new_password(step, &next, &from, NOW);
                    drop(set.expect("no fault"));
                    self.enter(&name, &next)
                }
                _ => self.enter(&name, password),
            },
            Enclosed::Invitation(link) => {
                let next = SecretString::from(OWN);
                let from = Source::new("10.0.0.1");
                let set = self
                    .portal
                    .accept_invitation(&link.secret, &next, &from, NOW);
                assert!(matches!(set.expect("no fault"), NewPassword::Set(_)));
                self.enter(&name, &next)
            }
            other => panic!("{other:?} says nothing"),
        }
    }
}
