//! Sessions: what ends one ends it at the next request.

use super::over;
use crate::{Draws, Harness, NOW, Stage, World};
use portcullis::access::UserKind;
use portcullis::credentials::{
    Administrators, CredentialPolicy, Credentials, Current, KeyRing, NewPassword, Reauthentication,
    Sealed, SecretString, SessionCheck, SessionSecret, Source,
};
use portcullis::id::{HostKey, Timestamp, UserId, days, hours, minutes};
use portcullis::ledger::{Actor, Store, StoreExt};
use portcullis::{ErrorKind, PortalTx};
use std::num::NonZeroU32;
use std::sync::Arc;

/// Suspension, removal, a demanded change, an expiry, and switching the portal off (for everybody
/// but staff) end sessions at once, and what ended one does not give it back. What is changed of
/// an account is in the law below.
pub fn bug38_what_ends_a_session_ends_it_at_once<H: Harness>() {
    over::<H>(0..6, |seed| {
        let mut world = World::of(seed);
        world.file.portal.active = true;
        let stage = Stage::with(H::fresh(), world);
        let accounts = stage.operator();
        let accounts = accounts.accounts();
        let client = HostKey::from("user-0-0");
        let user = stage.user(&client).id;
        let live = |secret: &_, at: Timestamp| match stage.portal.session(secret, at) {
            Ok(me) => {
                assert_eq!(me.user(), user);
                true
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::SignedOut, "{error}");
                false
            }
        };
        let begin = || stage.session(&client).expect("somebody in good standing");

        let secret = begin();
        assert!(live(&secret, NOW));
        assert!(accounts.suspend(user).unwrap());
        assert!(!live(&secret, NOW), "a suspended user is signed in");
        assert!(
            stage.session(&client).is_none(),
            "a suspended user signs in"
        );
        assert!(accounts.resume(user).unwrap());
        assert!(
            !live(&secret, NOW),
            "a suspension's end gave the session back"
        );

        let secret = begin();
        // Set a day ago but a minute: the end is long before the session's idle end.
        let soon = NOW.before(days(1)).after(minutes(1));
        let set = stage.operator_at(soon);
        let end = NOW.after(minutes(1));
        let just = Timestamp::from_millis(end.millis() - 1);
        assert!(live(&secret, end), "it lasts longer than that");
        let expires = set.accounts().expire_in(user, NonZeroU32::new(1));
        assert!(expires.unwrap());
        assert!(live(&secret, just), "used until it expires");
        assert!(!live(&secret, end), "expired and still in");
        accounts.expire_in(user, None).unwrap();
        assert!(live(&secret, NOW));

        let me = stage.portal.session(&secret, NOW).unwrap();
        stage.portal.sign_out(me).unwrap();
        assert!(!live(&secret, NOW), "signed out and still in");

        let (first, second) = (begin(), begin());
        let staff = stage.session(&"admin".into()).unwrap();
        stage.operator().settings().set_active(false).unwrap();
        stage.operator().settings().set_active(true).unwrap();
        assert!(
            !live(&first, NOW) && !live(&second, NOW),
            "the switch left a session"
        );
        let admin = stage
            .portal
            .session(&staff, NOW)
            .expect("staff keep theirs");
        assert_eq!(admin.kind(), UserKind::Staff);

        let secret = begin();
        assert!(
            !live(&secret, NOW.after(hours(200))),
            "a session without an end"
        );
        accounts.demand_change(user).unwrap();
        assert!(!live(&secret, NOW), "a change is due and they are in");
        assert!(stage.session(&client).is_none());

        let (other, secret) = stage
            .world
            .file
            .users
            .iter()
            .filter(|part| part.key != client && part.kind != UserKind::Staff)
            .find_map(|part| Some((stage.user(&part.key).id, stage.session(&part.key)?)))
            .unwrap();
        stage.operator().remove_user(other).unwrap();
        let gone = stage.portal.session(&secret, NOW).unwrap_err();
        assert_eq!(gone.kind(), ErrorKind::SignedOut);
    });
}

/// A change of the password, of the address or of the second factor, and disabling the account, each
/// end every session of it at once, and nobody else's.
pub fn bug38_a_change_of_the_account_ends_its_sessions<H: Harness>() {
    over::<H>(0..4, |seed| {
        for change in Change::ALL {
            let mut world = World::of(seed);
            world.file.portal.active = true;
            let stage = Stage::with(H::fresh(), world);
            let client = HostKey::from("user-0-0");
            let user = stage.user(&client).id;
            let bystander = stage.session(&"admin".into()).unwrap();
            let sessions = [(); 2].map(|()| stage.session(&client).expect("in good standing"));
            change.prepare(&stage, user);
            let live = |secret| stage.portal.session(secret, NOW).is_ok();
            assert!(sessions.iter().all(live), "before {change:?}");
            change.make(&stage, user, &sessions[0]);
            for secret in &sessions {
                let ended = stage.portal.session(secret, NOW).unwrap_err();
                assert_eq!(ended.kind(), ErrorKind::SignedOut, "after {change:?}");
            }
            assert!(live(&bystander), "{change:?} ended somebody else's");
        }
    });
}

/// What is changed of an account.
#[derive(Clone, Copy, Debug)]
enum Change {
    Password,
    Email,
    FactorDemanded,
    FactorRemoved,
    Disabled,
}

impl Change {
    const ALL: [Self; 5] = [
        Self::Password,
        Self::Email,
        Self::FactorDemanded,
        Self::FactorRemoved,
        Self::Disabled,
    ];

    /// What must be there before there is anything to change, put past the rules.
    fn prepare<S>(self, stage: &Stage<S>, user: UserId)
    where
        S: Store,
        S::Tx: PortalTx,
    {
        if let Self::FactorRemoved = self {
            let sealed = Sealed::from_stored("x1$none$of an app".to_owned());
            let enrolled = stage.write(|tx| {
                tx.offer_factor(user, &sealed)?;
                tx.enrol_factor(user, &sealed, 0)
            });
            assert!(enrolled);
        }
    }

    fn make<S>(self, stage: &Stage<S>, user: UserId, session: &SessionSecret)
    where
        S: Store,
        S::Tx: PortalTx,
    {
        let operator = stage.operator();
        match self {
            Self::Password => change_password(stage, session),
            Self::Email => operator
                .set_email(user, Some("elsewhere@client.example"))
                .unwrap(),
            Self::FactorDemanded => demand_factor(stage, user),
            Self::FactorRemoved => assert!(operator.accounts().remove_factor(user).unwrap()),
            Self::Disabled => assert!(operator.accounts().disable(user).unwrap()),
        }
    }
}

/// Through rules that have a key to seal what apps are set up with, unlike the stage's.
fn demand_factor<S>(stage: &Stage<S>, user: UserId)
where
    S: Store,
    S::Tx: PortalTx,
{
    let policy = CredentialPolicy::new(stage.world.profile.credentials.clone()).unwrap();
    let (kdf, draws) = (stage.kdf.clone(), Arc::new(Draws::seeded(8)));
    let rules = Credentials::new(policy, Administrators::none(), kdf, draws).unwrap();
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let rules = rules.with_key_ring(Arc::new(KeyRing::new("conformance", &key).unwrap()));
    let by = Actor::Operator("conformance".to_owned());
    let store = stage.portal.store();
    let demanded = store.write(|tx| rules.enforce_factor(tx, user, true, &by, NOW));
    assert!(demanded.unwrap());
}

/// As its user does, through the rules; whether a profile lets users do so is no matter here.
fn change_password<S>(stage: &Stage<S>, session: &SessionSecret)
where
    S: Store,
    S::Tx: PortalTx,
{
    let (credentials, store) = (stage.portal.credentials(), stage.portal.store());
    let from = Source::new("10.0.0.1");
    let old = SecretString::from(World::password(&"user-0-0".into()));
    // Of a length and of letters and digits, as either preset wants them.
    let new = SecretString::from("violet7harbour9");
    let live = store.read(|tx| credentials.session(tx, session, NOW));
    let SessionCheck::Live(live) = live.unwrap() else {
        panic!("it is live");
    };
    let current = Current::Password(&old);
    let confirmed = credentials.reauthenticate(store, &live, current, &from, NOW);
    let Reauthentication::Confirmed(fresh, next) = confirmed.unwrap() else {
        panic!("the password is right");
    };
    let changed = credentials.change_password(store, &fresh, &new, &from, NOW);
    assert!(matches!(changed.unwrap(), NewPassword::Set(_)));
    // The confirmation has given this session another secret.
    let own = store.read(|tx| credentials.session(tx, &next, NOW));
    assert!(matches!(own.unwrap(), SessionCheck::Ended(_)));
}
