//! Sessions: what ends one ends it at the next request.

use super::over;
use crate::{Harness, NOW, Stage, World};
use portcullis::ErrorKind;
use portcullis::access::UserKind;
use portcullis::id::{HostKey, Timestamp, days, hours};

/// Suspension, removal, a demanded change, an expiry, and switching the portal off (for everybody
/// but staff) end sessions at once, and what ended one does not give it back.
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
        accounts
            .expire_in(user, std::num::NonZeroU32::new(1))
            .unwrap();
        let end = NOW.after(days(1));
        assert!(!live(&secret, end));
        assert!(
            !live(&secret, Timestamp::from_millis(end.millis() - 1)),
            "idle for a day"
        );
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
