//! No secret is anywhere it could be read: in no dump of the database, no export, no audit entry, no
//! mail that waits, no error, and nothing that prints (S61, choice 15).

use super::app::App;
use crate::{Draws, Harness, NOW};
use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL_NOPAD};
use portcullis::credentials::{
    CredentialSettings, Current, Directory, DirectoryAnswer, DirectoryError, DirectoryPassword,
    Enclosed, Enclosure, EnrolStep, HashedPassword, InvitationPayload, KeyRing, LoginName,
    PasswordSetBy, PasswordStep, Reauthentication, SecretString, SessionCheck, SignIn, Source,
};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::file::PortalFile;
use portcullis::id::UserId;
use portcullis::ledger::{Actor, Store, StoreExt};
use portcullis::{Portal, PortalBuilder, PortalTx, presets};
use secrecy::ExposeSecret;
use std::error::Error;
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
    shop.reset();
    shop.factor();
    shop.elsewhere();
    shop.errors();
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
    let dump = H::dump(shop.portal.store()).expect("a harness says what its store keeps");
    assert!(within(&dump, b"grace"), "nothing is in the dump");
    for (what, secret) in &shop.planted {
        assert!(
            secret.len() > 15,
            "{what} is too short to be told from chance"
        );
        assert!(!within(&dump, secret), "{what} is in the database");
        let printed = within(shop.printed.as_bytes(), secret);
        assert!(!printed, "{what} is printed");
    }
    assert_eq!(shop.planted.len(), 43);
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
            base_address: Some("https://portal.example".to_owned()),
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
        let (password, me) = (SecretString::from(CHOSEN), me);
        let current = Current::Password(&password);
        let confirmed = self.portal.reauthenticate(&me, current, &from());
        let confirmed = confirmed.unwrap();
        self.print(&confirmed);
        let Reauthentication::Confirmed(_, rotated) = confirmed else {
            panic!("{confirmed:?}");
        };
        self.plant_token("a session's next secret", rotated.expose());
        let invited = self.portal.store().write(|tx| {
            let credentials = self.portal.credentials();
            credentials.invite(tx, grace, &by, NOW)
        });
        let invited = invited.unwrap();
        self.print(&invited);
        self.plant_token("an invitation", invited.secret.expose());
    }

    /// A link for who forgot their password, made and not followed.
    fn reset(&mut self) {
        let asked = self.portal.request_reset("grace", &from(), NOW);
        assert_eq!(asked.unwrap(), Ok(()));
        let operator = self.portal.operator("tests", NOW);
        let waiting = operator.mails().waiting(99).unwrap();
        let mail = waiting.iter().find(|mail| mail.event == "password.reset");
        let letter = operator.mails().take(mail.unwrap().id).unwrap().unwrap();
        self.print(&letter);
        let Enclosed::Reset(link) = &letter.enclosed else {
            panic!("{letter:?}");
        };
        self.print(link);
        let secret = link.expose().rsplit('/').next().unwrap();
        self.plant_token("a reset's link", secret);
    }

    /// What calls that fail say, where they were given secrets.
    fn errors(&mut self) {
        let credentials = self.portal.credentials();
        let henry = self.portal.store().read(|tx| {
            let tx: &mut dyn PortalTx = tx;
            tx.account_named("henry")
        });
        let henry = henry.unwrap().unwrap().user;
        let by = Actor::Operator("tests".into());
        let given = hashed(&self.portal, CHOSEN);
        let in_directory = self.portal.store().write(|tx| {
            let enclosure = Enclosure::Password(given);
            credentials.mail_invitation(tx, henry, enclosure, None, &by, NOW)
        });
        let taken = self.portal.operator("tests", NOW).add_staff(
            login("grace", FirstLogin::Password(hashed(&self.portal, CHOSEN))),
            true,
        );
        let weak = credentials.hash_password(&TYPED[..7].into()).unwrap();
        let ring = KeyRing::new("planted", &TEMPORARY.into());
        let bad_ring = KeyRing::new("", &KEY.into());
        let twice = self.portal.store().write(|tx| {
            let tx: &mut dyn PortalTx = tx;
            let epoch = tx.account(henry)?.unwrap().epoch;
            let sessions = tx.sessions_of(henry, epoch, 9)?;
            tx.add_session(sessions.first().unwrap()).map(drop)
        });
        self.tell(&in_directory.unwrap_err());
        self.tell(&taken.unwrap_err());
        self.tell(&weak.unwrap_err());
        self.tell(&ring.unwrap_err());
        self.tell(&bad_ring.unwrap_err());
        self.tell(&twice.unwrap_err());
        for password in [CHOSEN.to_owned(), format!("$argon2id${CHOSEN}")] {
            for (member, given) in [
                ("password", format!("\"{password}\"")),
                ("password", format!("{{\"hash\":\"{password}\"}}")),
                ("pasword", format!("\"{password}\"")),
            ] {
                let text = file(member, &given);
                let Err(error) = PortalFile::from_json(&text) else {
                    let file = PortalFile::from_json(&text).unwrap();
                    let error = self.portal.operator("tests", NOW).import(&file);
                    self.tell(&error.unwrap_err());
                    continue;
                };
                self.tell(&error);
            }
        }
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
        self.print(&right);
        let SignIn::Done(proof) = right else {
            panic!("{right:?}");
        };
        let session = self.portal.start_session(proof, NOW).unwrap();
        self.plant_token("another session", session.expose());
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

    /// An error, and what is behind it.
    fn tell(&mut self, error: &dyn Error) {
        let mut next = Some(error);
        while let Some(error) = next {
            let _ = write!(self.printed, "{error}{error:?}{error:#?}");
            next = error.source();
        }
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
    let login = login(name, password);
    let added = portal.operator("tests", NOW).add_staff(login, true);
    added.unwrap().0
}

fn login(name: &str, password: FirstLogin) -> NewLogin {
    NewLogin {
        name: name.to_owned(),
        login: name.to_owned(),
        email: Some(format!("{name}@provider.example")),
        rights: Vec::new(),
        password,
        expires_in_days: None,
    }
}

/// A portal of one who signs in, with something that is wrong in their account.
fn file(member: &str, given: &str) -> String {
    format!(
        r#"{{"portcullis":1,"profile":"safe",
"portal":{{"active":true,"first_activated_at":5,"licensed":["root","project","ticket"]}},
"roles":[],"clients":[],"unowned":[],
"users":[{{"key":"tom","kind":"staff","name":"Thomas","every_client":true,"created_at":1,
 "account":{{"login":"tom","{member}":{given},"second_factor":false,"change_due":false,
 "created_at":1}}}}]}}"#
    )
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
