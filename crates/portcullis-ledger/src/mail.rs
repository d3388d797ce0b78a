use portcullis_id::{ContainerId, ItemId, MailId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A mail that waits in the outbox, in the same transaction as what it tells of.
///
/// It holds ids, not text: the text is made for one recipient when it is sent, from what that
/// recipient may see at that moment (L14), so un-sharing empties what was still waiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Its own id.
    pub id: MailId,
    /// When it was posted.
    pub at: Timestamp,
    /// To whom.
    pub to: Recipient,
    /// What it tells of, as a stable dotted name: `invitation`, `membership.added`.
    pub event: String,
    /// The item it is about, if one.
    pub item: Option<ItemId>,
    /// The container it is about, if one.
    pub container: Option<ContainerId>,
}

/// Who a mail goes to. Always somebody we know: never an address a visitor typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Recipient {
    /// A user, at the address stored for them when the mail is sent.
    User(UserId),
}
