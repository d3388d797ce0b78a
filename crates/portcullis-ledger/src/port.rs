use crate::{AuditEntry, Mail, Revision, Scope, SealedText, StoreError};
use portcullis_id::MailId;

/// What every change leaves behind, asked of the unit of work that makes the change.
pub trait Ledger {
    /// The present revision of `scope`. A client never changed is at revision zero.
    fn revision(&mut self, scope: Scope) -> Result<Revision, StoreError>;

    /// Moves `scope` one revision on and returns the new one. Call it once a change, last.
    ///
    /// # Errors
    /// [`Misuse`](crate::StoreErrorKind::Misuse) in a unit of work without a turn among the writers
    /// ([`Mode::needs_turn`](crate::Mode::needs_turn)), which is then not committed either.
    fn bump(&mut self, scope: Scope) -> Result<Revision, StoreError>;

    /// Adds an audit entry.
    fn record(&mut self, entry: &AuditEntry) -> Result<(), StoreError>;

    /// Puts a mail into the outbox.
    fn post(&mut self, mail: &Mail) -> Result<(), StoreError>;

    /// The newest audit entries, newest first, at most `limit`.
    fn audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;

    /// The mails still waiting, in the order in which they were posted, at most `limit`. One that a
    /// unit of work without the writers' turn posts may appear before one that was seen already: take
    /// each by its id, and never go on from the last one seen.
    fn outbox(&mut self, limit: u32) -> Result<Vec<Mail>, StoreError>;

    /// The next `limit` mails that carry a sealed secret behind `after`, by id:
    ///
    /// ```sql
    /// SELECT id, at, recipient, event, item, container, sealed FROM portcullis_outbox
    /// WHERE id > ? AND sealed IS NOT NULL ORDER BY id LIMIT ?
    /// ```
    fn sealed_mails_after(
        &mut self,
        after: Option<MailId>,
        limit: u32,
    ) -> Result<Vec<Mail>, StoreError>;

    /// Puts `new`, the same secret under another key, in the place of `old` in a mail that waits, if
    /// `old` is what it carries; whether it was:
    ///
    /// ```sql
    /// UPDATE portcullis_outbox SET sealed = ? WHERE id = ? AND sealed = ?
    /// ```
    fn reseal_mail(
        &mut self,
        mail: MailId,
        old: &SealedText,
        new: &SealedText,
    ) -> Result<bool, StoreError>;

    /// Takes a mail out of the outbox, to be sent; of any number who take the same one at once, one
    /// gets it. Whatever secret it carries is stored nowhere from then on (choice 15).
    ///
    /// ```sql
    /// DELETE FROM portcullis_outbox WHERE id = ?
    /// RETURNING id, at, recipient, event, item, container, sealed
    /// ```
    fn take_mail(&mut self, mail: MailId) -> Result<Option<Mail>, StoreError>;
}
