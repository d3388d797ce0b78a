//! Several processes on one database: what is counted or used up in one is in all (bugs 1, 2, 3, 26,
//! 27, 32 and 35). See [`processes_suite!`](crate::processes_suite).

use super::app::{App, STEP};
use super::attempts::RIGHT;
use crate::patient::Patient;
use crate::processes::{After, One, Place, several};
use crate::{CountingKdf, Draws, NOW};
use portcullis::access::User;
use portcullis::credentials::{
    Account, Accounts, Administrators, Cause, CredentialPolicy, CredentialSettings, CredentialTx,
    Credentials, Digest, FactorCode, FactorKind, FactorStep, FirstPassword, HashBudget, Kdf,
    KdfError, KeyRing, Lock, LoginName, NewAccount, NewPassword, PasswordHash, Purpose,
    SecretString, SignIn, Source, Step, Token, TokenSecret, Tokens,
};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::{Entropy, Timestamp, TokenId, UserId, minutes};
use portcullis::ledger::{Actor, Store, StoreError, StoreExt};
use portcullis::{Portal, PortalBuilder, PortalTx, presets};
use secrecy::ExposeSecret;
use std::num::NonZeroUsize;
use std::sync::Arc;

const PROCESSES: usize = 4;
const THREADS: usize = 10;
const WRONG: &str = "some wrong password";

/// Four processes of ten threads with wrong passwords and a threshold of five: exactly five of the
/// forty are held against the stored hash, and the account is locked for all.
pub fn bug01_bug02_of_four_processes_exactly_x_are_verified<P: Place>(test: &str) {
    let guess = |store: &Patient<P::Store>, one: &One| {
        let kdf = Arc::new(CountingKdf::default());
        let credentials = credentials(kdf.clone(), one.number + 1);
        let causes = at_once(|| refused(sign_in(&credentials, store, WRONG)));
        let open = |cause: &&Cause| !matches!(cause, Cause::WrongPassword | Cause::Locked(_));
        assert_eq!(causes.iter().find(open), None);
        assert_eq!(kdf.runs(), THREADS, "one run for each");
        kdf.runs_against(RIGHT).to_string()
    };
    let Some(after) = several::<P>(test, PROCESSES, with_ada, guess) else {
        return;
    };
    assert_eq!(after.sums(), [5], "verified against the stored hash");
    let account = after.store.read(|tx| tx.account_named("ada"));
    let tries = account.unwrap().unwrap().tries;
    assert_eq!((tries.counted, tries.serial), (5, 5));
    assert_eq!(tries.locked_until, Some(Timestamp::MAX));
    let (kdf, late) = (Arc::new(CountingKdf::default()), PROCESSES + 1);
    let outcome = sign_in(&credentials(kdf, late), &after.store, RIGHT);
    assert_eq!(refused(outcome), Cause::Locked(Timestamp::MAX));
}

/// The right password is being looked at in one process while another's wrong ones lock the account:
/// it signs in, because it was counted before, and the lock stays.
pub fn bug03_a_success_in_one_process_leaves_the_lock_of_another<P: Place>(test: &str) {
    let part = |store: &Patient<P::Store>, one: &One| {
        if one.number == 0 {
            let kdf = Arc::new(Meanwhile(one.clone()));
            let outcome = sign_in(&credentials(kdf, 1), store, RIGHT);
            return matches!(outcome, SignIn::Done(_)).to_string();
        }
        one.wait_for("counted");
        let credentials = credentials(Arc::new(CountingKdf::default()), 2);
        for _ in 0..4 {
            let cause = refused(sign_in(&credentials, store, WRONG));
            assert_eq!(cause, Cause::WrongPassword);
        }
        one.say("locked");
        let cause = refused(sign_in(&credentials, store, RIGHT));
        matches!(cause, Cause::Locked(_)).to_string()
    };
    let Some(after) = several::<P>(test, 2, with_ada, part) else {
        return;
    };
    assert_eq!(after.answers, ["true", "true"], "signed in, and locked");
    let account = after.store.read(|tx| tx.account_named("ada"));
    let tries = account.unwrap().unwrap().tries;
    assert_eq!(tries.locked_until, Some(Timestamp::MAX));
}

/// Of four processes of ten threads with one invitation, one sets the password; and of all that use
/// another token up, one does.
pub fn bug26_of_four_processes_one_redeems_a_token<P: Place>(test: &str) {
    let other = Digest::from_bytes([7; 32]);
    let invite = |store: &Patient<P::Store>, _: &str| {
        with_ada(store, "");
        let credentials = credentials(Arc::new(CountingKdf::default()), 9);
        let invitation = store.write(|tx| {
            let ada = tx.account_named("ada")?.unwrap();
            tx.put_token(&Token {
                id: TokenId::new(NOW, &Draws::seeded(10))?,
                user: ada.user,
                purpose: Purpose::ChangePassword,
                digest: other,
                epoch: ada.epoch,
                created_at: NOW,
                expires_at: NOW.after(minutes(15)),
            })?;
            credentials.invite(tx, ada.user, &by(), NOW)
        });
        invitation.unwrap().secret.expose().to_owned()
    };
    let redeem = |store: &Patient<P::Store>, one: &One| {
        let credentials = credentials(Arc::new(CountingKdf::default()), one.number + 1);
        let secret = TokenSecret::from(one.told.as_str());
        let purpose = Purpose::ChangePassword;
        let used = at_once(|| ada(store, |tx, _| tx.consume_token(&other, purpose)).is_some());
        let won = at_once(|| {
            let (new, from) = (SecretString::from("the password after that"), from());
            let answer = credentials.accept_invitation(store, &secret, &new, &from, NOW);
            matches!(answer.unwrap(), NewPassword::Set(_))
        });
        format!("{} {}", count(&won), count(&used))
    };
    if let Some(after) = several::<P>(test, PROCESSES, invite, redeem) {
        assert_eq!(after.sums(), [1, 1]);
    }
}

/// Two processes change one user's address and make a link each, twenty times over: the address is
/// one of the two, at most the last link is good, and a further change leaves none.
pub fn bug27_of_two_addresses_that_cross_over_processes_one_stays<P: Place>(test: &str) {
    let grace = |_: &Patient<P::Store>, place: &str| {
        let portal = portal(Patient(P::open(place)), 3);
        let operator = portal.operator("conformance", NOW);
        drop(operator.found("Ada", "ada@p.example").unwrap());
        let login = NewLogin {
            name: "Grace".to_owned(),
            login: "grace".to_owned(),
            email: Some("grace@p.example".to_owned()),
            rights: Vec::new(),
            password: FirstLogin::Invited,
            expires_in_days: None,
        };
        drop(operator.add_staff(login, true).unwrap());
        place.to_owned()
    };
    let cross = |_: &Patient<P::Store>, one: &One| {
        let portal = portal(Patient(P::open(&one.place)), one.number + 1);
        let grace = user(&portal).id;
        let address = format!("grace-{}@p.example", one.number);
        let operator = portal.operator("conformance", NOW);
        let links = (0..20).map(|_| {
            operator.set_email(grace, Some(&address)).unwrap();
            operator.set_email(grace, Some("nobody@p.example")).unwrap();
            operator.set_email(grace, Some(&address)).unwrap();
            let link = operator.accounts().invite(grace).unwrap();
            link.secret.expose().to_owned()
        });
        links.collect::<Vec<_>>().join(" ")
    };
    let Some(after) = several::<P>(test, 2, grace, cross) else {
        return;
    };
    let portal = portal(Patient(P::open(&after.place)), 4);
    let grace = user(&portal);
    let email = grace.email.unwrap_or_default();
    assert!(email.starts_with("grace-"), "{email}");
    let good = |link: &str| {
        let (new, from) = (SecretString::from("the password after that"), from());
        let answer = portal.accept_invitation(&link.into(), &new, &from, NOW);
        matches!(answer.unwrap(), NewPassword::Set(_))
    };
    let operator = portal.operator("conformance", NOW);
    let late = operator.accounts().invite(grace.id).unwrap();
    operator
        .set_email(grace.id, Some("late@p.example"))
        .unwrap();
    assert!(!good(late.secret.expose()), "made for the address before");
    let links = after.answers.iter().flat_map(|links| links.split(' '));
    let links: Vec<_> = links.collect();
    assert_eq!(links.len(), 40);
    assert!(!links.into_iter().any(good), "made for addresses before");
}

/// Of four processes of ten threads with one open step and one code of the app, one gets in; and of
/// all that use the next code up, one does.
pub fn bug32_of_four_processes_one_gets_in_with_a_code<P: Place>(test: &str) {
    let told =
        |store: &Patient<P::Store>, _: &str| Enrolled::of(store).told(|enrolled| &enrolled.code);
    let answer = |store: &Patient<P::Store>, one: &One| {
        let got_in = got_in(store, one, FactorKind::Totp);
        // After the next code this one would be too old for whoever is still about it.
        one.say(&format!("done-{}", one.number));
        (0..PROCESSES).for_each(|other| one.wait_for(&format!("done-{other}")));
        let next = NOW.millis() / STEP + 1;
        let used = at_once(|| ada(store, |tx, ada| tx.consume_step(ada.user, next)));
        format!("{got_in} {}", count(&used))
    };
    if let Some(after) = several::<P>(test, PROCESSES, told, answer) {
        assert_eq!(after.sums(), [1, 1]);
    }
}

/// Of four processes of ten threads with one recovery code, one gets in; and of all that use another
/// one up, one does. Nine of eleven are left.
pub fn bug35_of_four_processes_one_gets_in_with_a_recovery_code<P: Place>(test: &str) {
    let other = Digest::from_bytes([7; 32]);
    let told = |store: &Patient<P::Store>, _: &str| {
        let enrolled = Enrolled::of(store);
        ada(store, |tx, ada| tx.add_recovery_code(ada.user, &other));
        enrolled.told(|enrolled| &enrolled.recovery)
    };
    let answer = |store: &Patient<P::Store>, one: &One| {
        let used = at_once(|| ada(store, |tx, ada| tx.use_recovery_code(ada.user, &other)));
        let got_in = got_in(store, one, FactorKind::Recovery);
        format!("{got_in} {}", count(&used))
    };
    if let Some(after) = several::<P>(test, PROCESSES, told, answer) {
        assert_eq!(after.sums(), [1, 1]);
        let left = ada(&after.store, |tx, ada| tx.recovery_codes(ada.user));
        assert_eq!(left, 9, "of ten, and the other one");
    }
}

/// How many threads of this process get in with the step and the code it was told.
fn got_in<S>(store: &S, one: &One, kind: FactorKind) -> String
where
    S: Store,
    S::Tx: CredentialTx,
{
    let credentials = credentials(Arc::new(CountingKdf::default()), one.number + 1);
    let (step, typed) = one.told.split_once(' ').unwrap();
    let (step, typed) = (TokenSecret::from(step), SecretString::from(typed));
    let won = at_once(|| {
        let code = match kind {
            FactorKind::Totp => FactorCode::App(&typed),
            FactorKind::Recovery => FactorCode::Recovery(&typed),
        };
        let (step, from) = (Step::resume(step.clone()), from());
        let answer = credentials.second_factor(store, step, code, &from, NOW);
        matches!(answer.unwrap(), FactorStep::Onward(SignIn::Done(_)))
    });
    count(&won)
}

/// Ada with an app, before the answer to an open step.
struct Enrolled {
    step: TokenSecret,
    code: SecretString,
    recovery: SecretString,
}

impl Enrolled {
    fn of<S>(store: &S) -> Self
    where
        S: Store,
        S::Tx: CredentialTx,
    {
        with_ada(store, "");
        let credentials = credentials(Arc::new(CountingKdf::default()), 9);
        let user = ada(store, |_, ada| Ok(ada.user));
        let (app, codes) = App::enrolled(&credentials, store, user, "ada");
        let SignIn::SecondFactor(step) = sign_in(&credentials, store, RIGHT) else {
            panic!("a factor is set up and not asked for");
        };
        Self {
            step: step.into_secret(),
            code: app.code(NOW),
            recovery: codes.codes()[3].clone(),
        }
    }

    fn told(&self, code: impl Fn(&Self) -> &SecretString) -> String {
        format!("{} {}", self.step.expose(), code(self).expose_secret())
    }
}

/// The comparison in the midst of which the account is locked from elsewhere.
struct Meanwhile(One);

impl Kdf for Meanwhile {
    fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        CountingKdf::default().hash(password, entropy)
    }

    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        self.0.say("counted");
        self.0.wait_for("locked");
        CountingKdf::default().verify(password, hash)
    }

    fn check(&self, hash: &PasswordHash) -> Result<(), KdfError> {
        CountingKdf::default().check(hash)
    }
}

impl<S> After<S> {
    /// Of numbers that each process answered, the sums.
    fn sums(&self) -> Vec<usize> {
        let rows = self.answers.iter().map(|answer| {
            let numbers = answer.split(' ').map(|number| number.parse().unwrap());
            numbers.collect::<Vec<usize>>()
        });
        rows.reduce(|sums, row| sums.iter().zip(row).map(|(sum, one)| sum + one).collect())
            .unwrap()
    }
}

/// An account of Ada's, in a database that has none.
fn with_ada<S>(store: &S, _: &str) -> String
where
    S: Store,
    S::Tx: CredentialTx,
{
    let credentials = credentials(Arc::new(CountingKdf::default()), 8);
    let new = NewAccount {
        user: UserId::new(NOW, &Draws::seeded(7)).unwrap(),
        name: LoginName::parse("ada").unwrap(),
        password: FirstPassword::Imported {
            hash: PasswordHash::from_phc(CountingKdf::hash_of(RIGHT)),
            change_due: false,
        },
        expiry: None,
    };
    let made = store.write(|tx| credentials.create_account(tx, new, &by(), NOW));
    made.unwrap();
    String::new()
}

/// A portal of one process.
fn portal<S>(store: S, seed: usize) -> Portal<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    let draws = Draws::seeded(u64::try_from(seed).unwrap());
    PortalBuilder::new(presets::safe())
        .entropy(Arc::new(draws))
        .kdf(Arc::new(CountingKdf::default()))
        .open(store)
        .unwrap()
}

/// Grace.
fn user<S>(portal: &Portal<S>) -> User
where
    S: Store,
    S::Tx: PortalTx,
{
    let found = portal.store().read(|tx| {
        let tx: &mut dyn PortalTx = tx;
        let users = tx.users()?;
        Ok::<_, StoreError>(users.into_iter().find(|user| user.name == "Grace"))
    });
    found.unwrap().unwrap()
}

/// The rules of one process. Of another `seed` than any other's: ids are drawn from it.
fn credentials(kdf: Arc<dyn Kdf>, seed: usize) -> Credentials {
    let settings = CredentialSettings {
        lock_threshold: 5,
        lock: Lock::UntilAdmin,
        ..CredentialSettings::default()
    };
    let draws = Arc::new(Draws::seeded(u64::try_from(seed).unwrap()));
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let ring = KeyRing::new("conformance", &key).unwrap();
    let policy = CredentialPolicy::new(settings).unwrap();
    Credentials::new(policy, Administrators::none(), kdf, draws)
        .unwrap()
        .with_budget(HashBudget::new(NonZeroUsize::new(4).unwrap(), THREADS))
        .with_key_ring(Arc::new(ring))
}

fn sign_in<S>(credentials: &Credentials, store: &S, password: &str) -> SignIn
where
    S: Store,
    S::Tx: CredentialTx,
{
    let password = SecretString::from(password);
    let outcome = credentials.sign_in(store, "ada", &password, &from(), NOW);
    outcome.unwrap()
}

fn refused(outcome: SignIn) -> Cause {
    match outcome {
        SignIn::Refused(refusal) => refusal.cause(),
        other => panic!("{other:?}"),
    }
}

/// One unit of work about Ada's account.
fn ada<S, R>(
    store: &S,
    work: impl FnOnce(&mut dyn CredentialTx, &Account) -> Result<R, StoreError>,
) -> R
where
    S: Store,
    S::Tx: CredentialTx,
{
    let done = store.conditionally(|tx| {
        let ada = tx.account_named("ada")?.unwrap();
        work(tx, &ada)
    });
    done.unwrap()
}

/// What each thread of this process has to say.
fn at_once<R: Send>(each: impl Fn() -> R + Sync) -> Vec<R> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(&each)).collect();
        let said = threads.into_iter().map(|thread| thread.join().unwrap());
        said.collect()
    })
}

fn count(won: &[bool]) -> String {
    won.iter().filter(|won| **won).count().to_string()
}

fn from() -> Source {
    Source::new("10.0.0.1")
}

fn by() -> Actor {
    Actor::Operator("conformance".to_owned())
}
