//! Addresses, which are for mails and name nobody at a sign-in (bug 7).

use super::over;
use crate::{Harness, NOW, Stage, World};
use portcullis::credentials::{Cause, SignIn, Source};

/// Whoever gives an address that is not the user name is turned away like a stranger, and counts
/// against nobody: there is one name an account is known by, and one counter.
pub fn bug07_an_address_is_no_second_name<H: Harness>() {
    over::<H>(0..3, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let tries = |user| {
            stage
                .read(|tx| tx.account(user))
                .map(|account| account.tries)
        };
        let mut asked = 0;
        for part in &stage.world.file.users {
            let Some(address) = &part.email else { continue };
            let user = stage.user(&part.key).id;
            let before = tries(user);
            let (right, from) = (World::password(&part.key).into(), Source::new("10.0.0.1"));
            let outcome = stage.portal.sign_in(address, &right, &from, NOW);
            let SignIn::Refused(refusal) = outcome.unwrap() else {
                panic!("{address} signed in");
            };
            assert_eq!(refusal.cause(), Cause::UnknownName);
            assert_eq!(tries(user), before);
            asked += 1;
        }
        assert!(asked > 5, "only {asked} addresses");
    });
}
