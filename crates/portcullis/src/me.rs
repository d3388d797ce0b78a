use portcullis_access::{Principal, Verb, Viewer};
use portcullis_credentials::{LiveSession, SessionSecret};
use portcullis_id::{Standing, Timestamp};
use portcullis_sharing::{Decision, ItemFacts, decide};
use std::ops::Deref;

/// One person in one request: who they are and what they see, read in one snapshot.
///
/// It derefs to its [`Viewer`], so it can be handed to whatever asks for one.
#[derive(Debug)]
pub struct Me {
    principal: Principal,
    viewer: Viewer,
    standing: Standing,
    session: Option<(LiveSession, SessionSecret)>,
    at: Timestamp,
}

impl Me {
    pub(crate) const fn new(
        principal: Principal,
        viewer: Viewer,
        standing: Standing,
        session: Option<(LiveSession, SessionSecret)>,
        at: Timestamp,
    ) -> Self {
        Self {
            principal,
            viewer,
            standing,
            session,
            at,
        }
    }

    /// Who acts.
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// What they see.
    pub const fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// When the request came in; everything in it is decided at this moment.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The session, if they signed in here.
    pub const fn session(&self) -> Option<&LiveSession> {
        match &self.session {
            Some((live, _)) => Some(live),
            None => None,
        }
    }

    /// May they do this with the item of these facts?
    pub fn may(&self, verb: Verb, facts: &ItemFacts) -> Decision {
        decide(&self.viewer, verb, facts, self.at)
    }

    /// What the session is checked with again, if they signed in here.
    pub(crate) const fn secret(&self) -> Option<&SessionSecret> {
        match &self.session {
            Some((_, secret)) => Some(secret),
            None => None,
        }
    }

    /// The standing of the session, or what the voucher answered.
    pub(crate) const fn standing(&self) -> Standing {
        self.standing
    }
}

impl Deref for Me {
    type Target = Viewer;
    fn deref(&self) -> &Viewer {
        &self.viewer
    }
}
