//! What is kept of passwords that were replaced: as many as are asked for, newest first.

use super::attempts::{Accounts, RIGHT};
use crate::{CountingKdf, CredentialHarness, NOW};
use portcullis::credentials::{
    CredentialSettings, CredentialTx, FormerPassword, Lock, NewPassword, PasswordFlaw,
    PasswordHash, Retry, SecretString, Source,
};
use portcullis::id::{Timestamp, UserId};
use portcullis::ledger::{Actor, Store};

/// The newest first, and of one moment by their text; added again, one moves up; the oldest go; each
/// user has their own; all users' are read once, by pages; none outlives its account.
pub fn k06_the_newest_former_passwords_are_kept<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let (ada, bob) = (accounts.add("ada"), accounts.add("bob"));
    let add = |user, text: &str, at: i64| {
        let former = former(user, text, at);
        accounts.write(|tx| Ok(tx.add_former_password(&former)?));
    };
    let of = |user, limit| {
        let rows = accounts.read(|tx| tx.former_passwords(user, limit));
        assert!(rows.iter().all(|one| one.user == user));
        texts(&rows)
    };
    for (text, at) in [("B", 1), ("a", 1), ("ä", 3), ("z", -9), ("x", 2)] {
        add(ada, text, at);
    }
    add(bob, "a", 7);
    assert_eq!(of(ada, 9), ["ä", "x", "B", "a", "z"], "texts in binary");
    assert_eq!(of(ada, 2), ["ä", "x"]);
    add(ada, "z", 4);
    assert_eq!(of(ada, 2), ["z", "ä"], "again");
    let keep = |count| accounts.write(|tx| Ok(tx.drop_former_passwords(ada, count)?));
    assert_eq!((keep(9), keep(4), keep(4)), (0, 1, 0));
    assert_eq!(of(ada, 9), ["z", "ä", "x", "B"]);
    assert_eq!(of(bob, 9), ["a"]);

    let replace = |text: &str| {
        let (old, new) = (former(ada, text, 0), PasswordHash::from_phc("new"));
        accounts.write(|tx| Ok(tx.replace_former_hash(&old, &new)?))
    };
    assert!(!replace("X"), "compared to the letter");
    assert!(replace("x"));
    assert!(!replace("x"), "it is not there any more");
    assert_eq!(of(ada, 9), ["z", "ä", "new", "B"], "in its place");
    assert_eq!(of(bob, 9), ["a"]);

    let mut all = Vec::new();
    loop {
        let after = all.last().cloned();
        let page = accounts.read(|tx| tx.former_passwords_after(after.as_ref(), 2));
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 2 && all.len() < 9);
        all.extend(page);
    }
    let mut expected = vec![(ada, "B"), (ada, "new"), (ada, "z"), (ada, "ä"), (bob, "a")];
    expected.sort_unstable();
    let found: Vec<_> = all
        .iter()
        .map(|one| (one.user, one.password.expose()))
        .collect();
    assert_eq!(found, expected);

    accounts.write(|tx| Ok(tx.remove_account(ada)?));
    assert!(of(ada, 9).is_empty());
    assert_eq!((of(bob, 9), keep(0)), (vec!["a".to_owned()], 0));
}

/// Through the rules: what was replaced is kept in the commit that replaces it, or not at all.
pub fn k06_a_password_is_not_used_again<H: CredentialHarness>() {
    let store = H::fresh();
    let settings = CredentialSettings {
        password_history: 3,
        ..CredentialSettings::default()
    };
    let accounts = Accounts::under(&store, settings, 64);
    let ada = accounts.add("ada");
    assert_eq!(set(&accounts, ada, RIGHT), USED);
    for new in ["the second of them all", "the third of them all!"] {
        assert_eq!(set(&accounts, ada, new), None, "{new}");
    }
    for used in [RIGHT, "the second of them all", "the third of them all!"] {
        assert_eq!(set(&accounts, ada, used), USED, "{used}");
    }
    assert_eq!(set(&accounts, ada, "the fourth of them all"), None);
    assert_eq!(set(&accounts, ada, RIGHT), None, "long ago");
    let kept = accounts.read(|tx| tx.former_passwords(ada, 9));
    let expected = ["the fourth of them all", "the third of them all!"];
    assert_eq!(texts(&kept), expected.map(CountingKdf::hash_of));
}

const USED: Option<Retry> = Some(Retry::Flaw(PasswordFlaw::UsedBefore));

/// By a link of theirs; what was said against it.
fn set<S>(accounts: &Accounts<'_, S>, user: UserId, new: &str) -> Option<Retry>
where
    S: Store,
    S::Tx: CredentialTx,
{
    let (by, credentials) = (
        Actor::Operator("conformance".to_owned()),
        &accounts.credentials,
    );
    let link = accounts.write(|tx| credentials.invite(tx, user, &by, NOW));
    let (new, from) = (SecretString::from(new), Source::new("10.0.0.1"));
    let set = credentials.accept_invitation(accounts.store, &link.secret, &new, &from, NOW);
    match set.unwrap() {
        NewPassword::Set(_) => None,
        NewPassword::Again(retry) => Some(retry),
        NewPassword::Refused(refusal) => panic!("{:?}", refusal.cause()),
    }
}

fn former(user: UserId, text: &str, at: i64) -> FormerPassword {
    FormerPassword {
        user,
        password: PasswordHash::from_phc(text),
        replaced_at: Timestamp::from_millis(NOW.millis() + at),
    }
}

fn texts(rows: &[FormerPassword]) -> Vec<String> {
    let texts = rows.iter().map(|one| one.password.expose().to_owned());
    texts.collect()
}
