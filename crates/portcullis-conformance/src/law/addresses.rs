//! Addresses, which are for mails and name nobody at a sign-in (bug 7), and
//! what a change of one leaves behind (bug 27).

use super::over;
use crate::{Harness, NOW, Stage, World};
use portcullis::credentials::{Cause, Enclosed, NewPassword, SecretString, SignIn, Source};

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

/// Two who change one user's address at once, each with a link: the address is one of theirs, and no
/// link that was made before the last change is good.
pub fn bug27_of_two_addresses_that_cross_one_stays<H: Harness>() {
    over::<H>(0..3, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let user = stage.user(&"user-0-0".into()).id;
        let change = |address: &str| {
            stage.operator().set_email(user, Some(address)).unwrap();
            stage.operator().accounts().invite(user).unwrap().secret
        };
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| change("first@people.example"));
            let second = change("second@people.example");
            (first.join().unwrap(), second)
        });
        let address = stage.read(|tx| tx.user(user)).unwrap().email.unwrap();
        assert!(["first@people.example", "second@people.example"].contains(&address.as_str()));
        let good = |link| {
            let (new, from) = (
                SecretString::from("the password after that"),
                Source::new("x"),
            );
            let set = stage.portal.accept_invitation(link, &new, &from, NOW);
            matches!(set.unwrap(), NewPassword::Set(_))
        };
        let third = change("third@people.example");
        assert!(!good(&first) && !good(&second), "made for other addresses");
        let operator = stage.operator();
        operator
            .set_email(user, Some("fourth@people.example"))
            .unwrap();
        assert!(!good(&third), "it went to the address before");
        let last = operator.accounts().invite(user).unwrap().secret;
        assert!(good(&last), "and this one to the present one");
    });
}

/// A change of address is told at both: whoever has taken an account over, and has mails sent to
/// themselves, does not keep it from whoever had it (choice 18).
pub fn choice18_a_change_of_address_is_told_at_the_one_before<H: Harness>() {
    let stage = Stage::of(H::fresh(), 0);
    let user = stage.user(&"user-0-0".into());
    let before = user.email.unwrap();
    let operator = stage.operator();
    let after = "somebody.else@people.example";
    for address in [Some(after), Some(after), None] {
        operator.set_email(user.id, address).unwrap();
    }
    let told = || {
        let waiting = operator.mails().waiting(9999).unwrap();
        let mails = waiting
            .into_iter()
            .filter(|mail| mail.event == "account.email");
        let letters = mails.filter_map(|mail| operator.mails().take(mail.id).unwrap());
        let letters: Vec<_> = letters
            .map(|letter| {
                assert!(letter.is_about_own_security());
                assert!(matches!(letter.enclosed, Enclosed::Nothing));
                letter.address
            })
            .collect();
        letters
    };
    // The one that was taken away has no other beside it.
    assert_eq!(told(), [before.clone(), after.to_owned()]);
    operator.set_email(user.id, Some(&before)).unwrap();
    assert_eq!(told(), [before.as_str()], "there was none before");
    operator.set_email(user.id, Some(after)).unwrap();
    assert_eq!(told(), [before.as_str(), after]);
    operator.set_email(user.id, Some(&before)).unwrap();
    operator.remove_user(user.id).unwrap();
    assert!(told().is_empty(), "who is gone is told nothing");
}
