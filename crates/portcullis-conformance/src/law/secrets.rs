//! No secret is anywhere it could be read: in no dump of the database, no export, no audit entry, no
//! mail that waits, no error, and nothing that prints (S61, choice 15).

use super::app::App;
use crate::{Draws, Harness, NOW};
use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL_NOPAD};
use portcullis::credentials::{
    CredentialSettings, Directory, DirectoryAnswer, DirectoryError, DirectoryPassword, Enclosure,
    EnrolStep, HashedPassword, InvitationPayload, KeyRing, LoginName, PasswordSetBy, PasswordStep,
    SecretString, SessionCheck, SignIn, Source,
};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::UserId;
use portcullis::ledger::{Actor, Store, StoreExt};
use portcullis::{Portal, PortalBuilder, PortalTx, presets};
use secrecy::ExposeSecret;
use std::fmt::{Debug, Write as _};
use std::sync::Arc;

const TEMPORARY: &str = "planted temporary horse";
const MAILED: &str = "planted mailed bicycle";
const CHOSEN: &str = "planted chosen umbrella";
const ELSEWHERE: &str = "planted directory kettle";
const TYPED: &str = "planted wrong lantern";
const KEY: &str = "cGxhbnRlZCBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE=";

/// A portal where everything secret has been made, used and mailed: none of it is told by what is
/// kept, nor by what prints.
pub fn s61_choice15_no_secret_is_kept_or_printed<H: Harness>() {
    let (store, _held) = H::shared();
    let mut shop = Shop::of(store);
    shop.passwords();
    shop.factor();
    shop.elsewhere();
    let told = shop.portal.store().read(|tx| {
        let tx: &mut dyn PortalTx = tx;
        let mut told = format!("{:?}{:?}", tx.audit(1_000)?, tx.outbox(1_000)?);
        for mail in tx.outbox(1_000)? {
            told.extend(mail.sealed.map(|sealed| sealed.text().to_owned()));
        }
        for user in tx.users()? {
            let _ = write!(told, "{:?}{:?}", tx.account(user.id)?, tx.factor(user.id)?);
        }
        Ok::<_, portcullis::ledger::StoreError>(told)
    });
    shop.printed.push_str(&told.unwrap());
    let export = shop.portal.operator("tests", NOW).export().unwrap();
    shop.print(&export);
    shop.printed.push_str(&export.to_json().unwrap());
    let dump = H::dump(shop.portal.store()).unwrap_or_default();
    assert!(
        dump.is_empty() || within(&dump, b"grace"),
        "nothing is in the dump"
    );
    for (what, secret) in &shop.planted {
        assert!(
            secret.len() > 15,
            "{what} is too short to be told from chance"
        );
        assert!(!within(&dump, secret), "{what} is in the database");
        let printed = within(shop.printed.as_bytes(), secret);
        assert!(!printed, "{what} is printed");
    }
    assert_eq!(shop.planted.len(), 34);
    assert!(shop.printed.contains("grace") && shop.printed.contains("sign-in.refused"));
}

/// A portal, what was planted in it, and all that printed on the way.
struct Shop<S> {
    portal: Portal<S>,
    grace: UserId,
    planted: Vec<(&'static str, Vec<u8>)>,
    printed: String,
}

impl<S> Shop<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    fn of(store: S) -> Self {
        let mut profile = presets::safe();
        profile.credentials = CredentialSettings {
            password_set_by: PasswordSetBy::StaffThenChange,
            invitation_payload: InvitationPayload::Credentials,
            ..profile.credentials
        };
        let ring = KeyRing::new("planted", &KEY.into()).unwrap();
        let mut printed = format!("{ring:?}");
        let portal = PortalBuilder::new(profile)
            .entropy(Arc::new(Draws::seeded(77)))
            .key_ring(Arc::new(ring))
            .directory(Arc::new(Elsewhere))
            .open(store)
            .unwrap();
        let _ = write!(printed, "{portal:?}");
        let founder = portal.operator("tests", NOW).found("Ada", "ada@p.example");
        let founder = founder.unwrap();
        let _ = write!(printed, "{founder:?}");
        let first = hashed(&portal, TEMPORARY);
        let _ = write!(printed, "{first:?}");
        let grace = add(&portal, "grace", FirstLogin::Password(first));
        let mut shop = Self {
            portal,
            grace,
            planted: Vec::new(),
            printed,
        };
        shop.plant_token("the founder's link", founder.secret.expose());
        for (what, text) in [
            ("a temporary password", TEMPORARY),
            ("a mailed password", MAILED),
            ("a chosen password", CHOSEN),
            ("a directory's password", ELSEWHERE),
            ("a wrong password", TYPED),
            ("a key", KEY),
        ] {
            shop.plant(what, text.as_bytes());
        }
        let key = BASE64.decode(KEY.as_bytes()).unwrap();
        shop.plant("a key, as bytes", &key);
        shop
    }

    /// A password that staff gave, one that was mailed, one that was chosen.
    fn passwords(&mut self) {
        let grace = self.grace;
        let (given, by) = (
            hashed(&self.portal, MAILED),
            Actor::Operator("tests".into()),
        );
        let credentials = self.portal.credentials();
        let mailed = self.portal.store().write(|tx| {
            let enclosure = Enclosure::Password(given);
            credentials.mail_invitation(tx, grace, enclosure, None, &by, NOW)
        });
        self.print(&mailed.unwrap());
        for password in [TEMPORARY, TYPED] {
            let refused = self.sign_in("grace", password);
            self.print(&refused);
        }
        let due = self.sign_in("grace", MAILED);
        self.print(&due);
        let SignIn::ChangePassword(step) = due else {
            panic!("{due:?}");
        };
        self.print(&step);
        let secret = step.into_secret();
        self.plant_token("an open step", secret.expose());
        let step = portcullis::credentials::Step::resume(secret);
        let new = SecretString::from(CHOSEN);
        let set = self
            .portal
            .set_new_password(step, &new, &from(), NOW)
            .unwrap();
        self.print(&set);
        let PasswordStep::Onward(SignIn::Done(proof)) = set else {
            panic!("{set:?}");
        };
        let session = self.portal.start_session(proof, NOW).unwrap();
        self.print(&session);
        self.plant_token("a session", session.expose());
        let me = self.portal.session(&session, NOW).unwrap();
        self.print(&me);
        let live = self.portal.store().read(|tx| {
            let credentials = self.portal.credentials();
            credentials.session(tx, &session, NOW)
        });
        let live = live.unwrap();
        assert!(matches!(live, SessionCheck::Live(_)));
        self.print(&live);
        let invited = self.portal.store().write(|tx| {
            let credentials = self.portal.credentials();
            credentials.invite(tx, grace, &by, NOW)
        });
        let invited = invited.unwrap();
        self.print(&invited);
        self.plant_token("an invitation", invited.secret.expose());
    }

    /// An app, and its recovery codes.
    fn factor(&mut self) {
        let operator = self.portal.operator("tests", NOW);
        assert!(
            operator
                .accounts()
                .enforce_factor(self.grace, true)
                .unwrap()
        );
        let SignIn::EnrolFactor(step) = self.sign_in("grace", CHOSEN) else {
            panic!("a factor is enforced");
        };
        let offer = self.portal.offer_factor(&step, &from(), NOW).unwrap();
        let offer = offer.unwrap();
        self.print(&offer);
        let secret = offer.secret().expose_secret().to_owned();
        self.plant("an app's secret", secret.as_bytes());
        let bytes = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
        self.plant("an app's secret, as bytes", &bytes);
        self.plant(
            "an app's secret, in base64",
            BASE64URL_NOPAD.encode(&bytes).as_bytes(),
        );
        let code = App::scan(&offer).code(NOW);
        let enrolled = self.portal.enrol_factor(step, &code, &from(), NOW).unwrap();
        self.print(&enrolled);
        let EnrolStep::Enrolled(codes, _) = enrolled else {
            panic!("{enrolled:?}");
        };
        for code in codes.codes() {
            let code = code.expose_secret();
            self.plant("a recovery code", code.as_bytes());
        }
        let plain = codes.codes()[0].expose_secret().replace('-', "");
        self.plant("a recovery code, in one", plain.as_bytes());
        let bytes = BASE32_NOPAD.decode(plain.as_bytes()).unwrap();
        self.plant(
            "a recovery code, in base64",
            BASE64.encode(&bytes).as_bytes(),
        );
        let seen = self.sign_in("grace", CHOSEN);
        self.print(&seen);
    }

    /// A password of the directory's, right and wrong.
    fn elsewhere(&mut self) {
        add(&self.portal, "henry", FirstLogin::Directory);
        let right = self.sign_in("henry", ELSEWHERE);
        assert!(matches!(right, SignIn::Done(_)), "{right:?}");
        self.print(&right);
        let wrong = self.sign_in("henry", TYPED);
        self.print(&wrong);
        let password = SecretString::from(ELSEWHERE);
        let password = DirectoryPassword::new(&password).unwrap();
        self.print(&password);
    }

    fn sign_in(&self, name: &str, password: &str) -> SignIn {
        let password = SecretString::from(password);
        self.portal.sign_in(name, &password, &from(), NOW).unwrap()
    }

    fn print(&mut self, what: &dyn Debug) {
        let _ = write!(self.printed, "{what:?}{what:#?}");
    }

    fn plant(&mut self, what: &'static str, secret: &[u8]) {
        self.planted.push((what, secret.to_vec()));
    }

    /// As its holder has it, and as the bytes behind it.
    fn plant_token(&mut self, what: &'static str, text: &str) {
        self.plant(what, text.as_bytes());
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        self.plant(what, &bytes);
        self.plant(what, BASE64.encode(&bytes).as_bytes());
    }
}

fn add<S>(portal: &Portal<S>, name: &str, password: FirstLogin) -> UserId
where
    S: Store,
    S::Tx: PortalTx,
{
    let login = NewLogin {
        name: name.to_owned(),
        login: name.to_owned(),
        email: Some(format!("{name}@provider.example")),
        rights: Vec::new(),
        password,
        expires_in_days: None,
    };
    let added = portal.operator("tests", NOW).add_staff(login, true);
    added.unwrap().0
}

fn hashed<S>(portal: &Portal<S>, password: &str) -> HashedPassword {
    let hashed = portal.credentials().hash_password(&password.into());
    hashed.unwrap().unwrap()
}

/// Takes one password from everybody.
struct Elsewhere;

impl Directory for Elsewhere {
    fn verify(
        &self,
        _: &LoginName,
        password: &DirectoryPassword<'_>,
    ) -> Result<DirectoryAnswer, DirectoryError> {
        Ok(if password.expose() == ELSEWHERE {
            DirectoryAnswer::Accepted
        } else {
            DirectoryAnswer::Refused(portcullis::credentials::DirectoryRefusal::Wrong)
        })
    }
}

fn within(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn from() -> Source {
    Source::new("10.0.0.1")
}
