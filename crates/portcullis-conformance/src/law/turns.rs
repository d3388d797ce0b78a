//! Who takes no turn among the writers changes nobody's rights.

use super::attempts::{Accounts, RIGHT};
use crate::{CredentialHarness, NOW};
use portcullis::credentials::{Accounts as _, CredentialError, CredentialTx, Lock};
use portcullis::id::{ClientId, UserId};
use portcullis::ledger::{
    Actor, AuditEntry, Ledger as _, Revision, Scope, Store, StoreError, StoreErrorKind, StoreExt,
};
use std::num::NonZeroU32;

/// What it is called, and itself.
type Command<'c> = (
    &'static str,
    &'c dyn Fn(&mut dyn CredentialTx) -> Result<(), CredentialError>,
);

/// A command in a unit of work for what counts or burns is refused with all that it did, whether its
/// error is returned or dropped. Where many write at once, it would not see what another takes away.
pub fn a_command_without_a_turn_is_refused<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let (ada, bob) = (accounts.add("ada"), accounts.add("bob"));
    let credentials = &accounts.credentials;
    let commands: [Command<'_>; 5] = [
        ("suspend", &|tx| {
            credentials.suspend(tx, ada, &by(), NOW).map(drop)
        }),
        ("disable", &|tx| {
            credentials.disable(tx, ada, &by(), NOW).map(drop)
        }),
        ("remove", &|tx| {
            credentials.remove_account(tx, ada, &by(), NOW)
        }),
        ("expiry", &|tx| {
            let days = NonZeroU32::new(30);
            credentials.set_expiry(tx, ada, days, &by(), NOW).map(drop)
        }),
        ("change", &|tx| {
            credentials.demand_change(tx, ada, &by(), NOW).map(drop)
        }),
    ];
    let before = everything(&store, [ada, bob]);
    for (what, command) in commands {
        let returned = store.conditionally(|tx| command(tx)).unwrap_err();
        let CredentialError::Store(error) = returned else {
            panic!("{what}: {returned}");
        };
        assert_eq!(error.kind(), StoreErrorKind::Misuse, "{what}: {error}");
        assert!(error.to_string().contains("`write`"), "{what}: {error}");
        let dropped = store.conditionally(|tx| {
            let _ = command(tx);
            Ok::<_, StoreError>(())
        });
        let kind = dropped.map_err(|error| error.kind());
        assert_eq!(kind, Err(StoreErrorKind::Misuse), "{what}");
        assert_eq!(everything(&store, [ada, bob]), before, "{what}");
    }
    for scope in scopes(ada) {
        let moved = store.conditionally(|tx| tx.bump(scope)).unwrap_err();
        assert_eq!(moved.kind(), StoreErrorKind::Misuse, "{scope:?}: {moved}");
        let next = store.write(|tx| tx.bump(scope)).unwrap();
        let now = store.conditionally(|tx| tx.revision(scope)).unwrap();
        assert_eq!(now, next, "{scope:?}");
    }
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), Ok(ada));
    assert!(accounts.write(|tx| credentials.suspend(tx, ada, &by(), NOW)));
}

fn by() -> Actor {
    Actor::Operator("conformance".to_owned())
}

/// The policy's, a client's and that of what is nobody's.
fn scopes(one: UserId) -> [Scope; 3] {
    let client = ClientId::from_uuid(one.uuid());
    [Scope::Policy, Scope::Client(client), Scope::Unowned]
}

type Everything = (String, Vec<AuditEntry>, [Revision; 3]);

fn everything<S>(store: &S, users: [UserId; 2]) -> Everything
where
    S: Store,
    S::Tx: CredentialTx,
{
    let read = store.read(|tx| {
        let [ada, bob] = users;
        let accounts = format!("{:?}", [tx.account(ada)?, tx.account(bob)?]);
        let [policy, client, unowned] = scopes(ada);
        let revisions = [
            tx.revision(policy)?,
            tx.revision(client)?,
            tx.revision(unowned)?,
        ];
        Ok::<_, StoreError>((accounts, tx.audit(99)?, revisions))
    });
    read.unwrap()
}
