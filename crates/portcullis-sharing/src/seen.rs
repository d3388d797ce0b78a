use crate::{Decision, Located, decide};
use portcullis_access::{Deny, Fields, Gate, Verb, Viewer};
use portcullis_id::{HostKey, Timestamp};
use std::ops::Deref;

/// A host's own value that knows the key under which Portcullis knows it too.
pub trait Keyed {
    /// The host's key of this value.
    fn key(&self) -> HostKey;
}

/// A value that was checked for one viewer. There is no other way to make one, so whatever takes a
/// `Seen<T>` cannot be called without the check: rendering, mailing, exporting.
///
/// ```compile_fail,E0308
/// use portcullis_sharing::Seen;
/// struct Document { title: String }
/// fn render(document: &Seen<Document>) -> &str { &document.title }
/// let unchecked = Document { title: "plan".into() };
/// render(&unchecked);
/// ```
///
/// ```compile_fail,E0451
/// use portcullis_access::Fields;
/// let forged = portcullis_sharing::Seen { value: 7, fields: Fields::ALL };
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Seen<T> {
    value: T,
    fields: Fields,
}

impl<T: Keyed> Seen<T> {
    /// Decides View of the located item and hands the value out. A value with another key than the
    /// located item is refused: an answer for one item is worth nothing for another.
    ///
    /// # Errors
    /// The refusal.
    pub fn admit(
        viewer: &Viewer,
        located: &Located,
        value: T,
        now: Timestamp,
    ) -> Result<Self, Deny> {
        if value.key() != *located.key() {
            return Err(Deny::hidden(Gate::ClientLock));
        }
        match decide(viewer, Verb::View, located.facts(), now) {
            Decision::Allow { fields } => Ok(Self { value, fields }),
            Decision::Deny(deny) => Err(deny),
        }
    }
}

impl<T> Seen<T> {
    /// The fields of it that may be shown.
    pub const fn fields(&self) -> Fields {
        self.fields
    }

    /// The value itself, without the proof.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Seen<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl Seen<Located> {
    /// The item's own facts and key, where the host keeps no row of its own.
    ///
    /// # Errors
    /// The refusal.
    pub fn facts_of(viewer: &Viewer, located: Located, now: Timestamp) -> Result<Self, Deny> {
        match decide(viewer, Verb::View, located.facts(), now) {
            Decision::Allow { fields } => Ok(Self {
                value: located,
                fields,
            }),
            Decision::Deny(deny) => Err(deny),
        }
    }
}

impl Keyed for Located {
    fn key(&self) -> HostKey {
        Self::key(self).clone()
    }
}
