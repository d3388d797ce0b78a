use portcullis_access::{Catalogue, Kind, Viewer};
use portcullis_id::Timestamp;
use portcullis_sql::Names;

/// Whoever a list can be for: somebody whose rights were read, and what their host is told about
/// kinds and keys.
///
/// [`Lens`] is one made by hand.
pub trait Sees<'a> {
    /// Starts the condition on rows of `kind`; the columns come from the query.
    fn rows_of(self, kind: Kind) -> portcullis_sql::VisibleTo<'a>;
}

/// A viewer with everything a list needs besides: the catalogue of the host's kinds, and the time.
#[derive(Clone, Copy, Debug)]
pub struct Lens<'a> {
    viewer: &'a Viewer,
    catalogue: &'a Catalogue,
    now: Timestamp,
    names: Option<&'a Names>,
}

impl<'a> Lens<'a> {
    /// What `viewer` sees at `now`.
    pub const fn new(viewer: &'a Viewer, catalogue: &'a Catalogue, now: Timestamp) -> Self {
        Self {
            viewer,
            catalogue,
            now,
            names: None,
        }
    }

    /// For tables of ours that have other names than `portcullis_..`.
    #[must_use]
    pub const fn named(mut self, names: &'a Names) -> Self {
        self.names = Some(names);
        self
    }
}

impl<'a> Sees<'a> for Lens<'a> {
    fn rows_of(self, kind: Kind) -> portcullis_sql::VisibleTo<'a> {
        let list = portcullis_sql::visible_to(self.viewer, kind, self.catalogue, self.now);
        match self.names {
            None => list,
            Some(names) => list.named(names),
        }
    }
}

impl<'a> Sees<'a> for &Lens<'a> {
    fn rows_of(self, kind: Kind) -> portcullis_sql::VisibleTo<'a> {
        (*self).rows_of(kind)
    }
}
