//! Preview = session (L10, V64): what staff see as a contact is what the contact sees.

use super::over;
use crate::{Harness, NOW, Stage};
use portcullis::ErrorKind;
use portcullis::access::UserKind;
use portcullis::id::State;

/// Everything a preview is told, the contact's own session is told; it leaves an audit entry and
/// nothing else. Somebody who cannot sign in is seen as if they could (choice 24).
pub fn a_preview_is_the_contacts_own_session<H: Harness>() {
    over::<H>(0..6, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let asked: Vec<_> = stage
            .items()
            .iter()
            .map(|item| (item.kind, item.key.clone()))
            .collect();
        let clients: Vec<_> = stage
            .read(|tx| tx.clients())
            .iter()
            .map(|client| client.id)
            .collect();
        let before = stage.export();
        let admin = stage.user(&"admin".into());
        let admin = stage.portal.vouched(admin.id, "the host", NOW).unwrap();
        for user in stage.users() {
            let Some(contact) = user.contact.filter(|_| !user.removed) else {
                continue;
            };
            let preview = stage.portal.acting(&admin).preview(contact).unwrap();
            assert!(preview.is_preview());
            let entry = &stage.read(|tx| tx.audit(1))[0];
            assert_eq!(entry.action, "portal.preview");
            let seen = stage.told(&preview, &asked, &clients);
            if let Some(secret) = stage.session(user.key.as_ref().unwrap()) {
                let me = stage.portal.session(&secret, NOW).unwrap();
                assert_eq!(stage.told(&me, &asked, &clients), seen, "{:?}", user.key);
            }
            // What ended here ends for whom another system vouches, too; a preview looks past it.
            let standing = stage.read(|tx| tx.standing(user.id)).at(NOW);
            if matches!(
                standing,
                State::Suspended | State::Expired | State::Disabled
            ) {
                continue;
            }
            let vouched = stage.portal.vouched(user.id, "the host", NOW).unwrap();
            assert_eq!(
                stage.told(&vouched, &asked, &clients),
                seen,
                "{:?}",
                user.key
            );
        }
        assert_eq!(stage.export(), before, "a preview has written");
        for user in stage.users() {
            let me = stage.portal.vouched(user.id, "the host", NOW).unwrap();
            let contact = stage.users().iter().find_map(|user| user.contact).unwrap();
            if user.kind != UserKind::Staff {
                let refused = stage.portal.acting(&me).preview(contact).unwrap_err();
                assert!(matches!(
                    refused.kind(),
                    ErrorKind::Hidden | ErrorKind::Refused
                ));
            }
        }
    });
}
