use portcullis_id::{ClientId, Timestamp, UserId};

/// An affiliation: the only door from a user to a client (7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affiliation {
    /// The user.
    pub user: UserId,
    /// The client.
    pub client: ClientId,
    /// Rights given directly, at this client alone, by name.
    pub rights: Vec<String>,
    /// Closed for now, and kept.
    pub paused: bool,
    /// From this tick on it is worth nothing.
    pub until: Option<Timestamp>,
}

impl Affiliation {
    /// Whether it opens anything at `now`. At exactly its end it does not.
    pub fn live_at(&self, now: Timestamp) -> bool {
        !self.paused && self.until.is_none_or(|until| now < until)
    }
}
