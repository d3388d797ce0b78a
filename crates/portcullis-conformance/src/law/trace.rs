//! No trace: what was refused, failed or panicked left nothing but its audit entry.

use super::over;
use crate::moves::{self, Roster};
use crate::{Draws, Harness, NOW, Stage};
use portcullis::access::{ContainerKinds, PortalState, Role, Roles as _};
use portcullis::file::PortalFile;
use portcullis::id::RoleId;
use portcullis::ledger::{Mail, Revision, Scope, StoreError, StoreErrorKind, StoreExt};
use portcullis::{ErrorKind, PortalTx};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Whoever tries whatever: a refusal leaves the whole portal, the outbox and the revision as they
/// were, and an audit entry where it is one.
pub fn a_refused_command_leaves_no_trace<H: Harness>() {
    over::<H>(0..4, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let draws = Draws::seeded(seed + 2_000);
        let roster = Roster::of(&stage);
        let mut before = everything(&stage);
        let mut refusals = 0;
        for _ in 0..90 {
            let actor = draws.pick(&roster.users);
            let Ok(me) = stage.portal.vouched(actor.id, "the host", NOW) else {
                continue;
            };
            let (what, outcome) = moves::one(&stage.portal.acting(&me), &draws, &roster);
            let newest = stage.read(|tx| tx.audit(1)).remove(0);
            let after = everything(&stage);
            match outcome {
                Ok(()) => before = after,
                Err(error) => {
                    assert_ne!(error.kind(), ErrorKind::Fault, "{what}: {error}");
                    assert!(
                        after == before,
                        "{what} was refused ({error}) and left a trace"
                    );
                    let audited = newest.action == "command.refused";
                    let refusal = matches!(error.kind(), ErrorKind::Hidden | ErrorKind::Refused);
                    assert!(
                        audited || !refusal,
                        "{what}: the refusal is not in the audit"
                    );
                    refusals += 1;
                }
            }
        }
        assert!(refusals > 20, "only {refusals} commands were refused");
    });
}

/// A unit of work that drops a statement's error and says Ok is kept, with what it did before and
/// after, or refused: never called kept and lost.
pub fn what_is_called_kept_is_there<H: Harness>() {
    over::<H>(0..2, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let draws = Draws::seeded(seed + 2_500);
        let twin = || Role {
            id: RoleId::new(NOW, &draws).unwrap(),
            name: "a name for one".to_owned(),
            rights: Vec::new(),
        };
        let before = everything(&stage);
        let kept = stage.portal.store().write(|tx| {
            bump(tx)?;
            tx.put_role(&twin())?;
            let dropped = tx.put_role(&twin());
            assert_eq!(dropped.unwrap_err().kind(), StoreErrorKind::Conflict);
            Ok::<_, StoreError>(())
        });
        assert_eq!(kept.is_ok(), everything(&stage) != before, "{kept:?}");
    });
}

/// A unit of work that panics, or says Err after it wrote, leaves nothing; the store works on; and
/// one that may only read cannot write.
pub fn a_panic_leaves_no_trace<H: Harness>() {
    over::<H>(0..2, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let before = everything(&stage);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            stage.portal.store().write(|tx| {
                ruin(tx);
                assert!(before.1.len() > 1_000_000, "on purpose");
                Ok::<_, StoreError>(())
            })
        }));
        assert!(panicked.is_err(), "the panic was swallowed");
        assert!(everything(&stage) == before, "a panic left a trace");
        let given_up: Result<(), _> = stage.portal.store().write(|tx| {
            ruin(tx);
            Err(StoreError::new(StoreErrorKind::Misuse, "given up"))
        });
        assert_eq!(given_up.unwrap_err().to_string(), "given up");
        assert!(everything(&stage) == before, "an Err left a trace");
        let read: Result<(), StoreError> = stage.portal.store().read(|tx| bump(tx));
        assert!(
            read.is_err(),
            "a unit of work that may only read has written"
        );
        assert!(everything(&stage) == before);
        stage
            .operator()
            .settings()
            .set_licensed(ContainerKinds::NONE)
            .unwrap();
        assert!(
            everything(&stage) != before,
            "the store does not work any more"
        );
    });
}

fn bump(tx: &mut dyn PortalTx) -> Result<(), StoreError> {
    tx.bump(Scope::Policy).map(drop)
}

/// Writes to every domain at once.
fn ruin(tx: &mut dyn PortalTx) {
    let mut user = tx.users().unwrap().remove(0);
    "Ruined".clone_into(&mut user.name);
    tx.put_user(&user).unwrap();
    tx.put_portal(&PortalState {
        active: false,
        first_activated_at: None,
        licensed: ContainerKinds::NONE,
    })
    .unwrap();
    let mut item = tx.items_after(None, 1).unwrap().remove(0);
    item.open = !item.open;
    tx.put_item(&item).unwrap();
    tx.suspend(user.id, NOW).unwrap();
    tx.bump(Scope::Policy).unwrap();
}

fn everything<S>(stage: &Stage<S>) -> (PortalFile, Vec<Mail>, Revision)
where
    S: portcullis::ledger::Store,
    S::Tx: PortalTx,
{
    let file = stage.export();
    let (mails, revision) = stage.read(|tx| Ok((tx.outbox(100_000)?, tx.revision(Scope::Policy)?)));
    (file, mails, revision)
}
