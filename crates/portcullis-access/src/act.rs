use crate::{
    AccessRules, AccessTx, Answer, Error, ErrorKind, Gate, Principal, Right, RightSet, Subjects,
    Viewer, may,
};
use portcullis_id::{AuditId, ClientId, Entropy, Standing, Timestamp, UserId};
use portcullis_ledger::{AuditEntry, Ledger, StoreError};
use std::fmt::Display;

/// One person acting in one unit of work: who they are, seen fresh inside it.
///
/// Commands take an `Act`. It is made from a [`Principal`], never from a [`Viewer`], so a preview
/// cannot write:
///
/// ```compile_fail,E0308
/// use portcullis_access::{Act, AccessRules, AccessTx, Viewer};
/// use portcullis_id::{Entropy, Standing, Timestamp};
/// fn wrong(tx: &mut dyn AccessTx, preview: &Viewer, rules: &AccessRules, now: Timestamp, e: &dyn Entropy) {
///     let _ = Act::begin(tx, preview, Standing::USABLE, rules, now, e);
/// }
/// ```
#[derive(Debug)]
pub struct Act<'a> {
    principal: &'a Principal,
    viewer: Option<Viewer>,
    rules: &'a AccessRules,
    now: Timestamp,
    entropy: &'a dyn Entropy,
}

/// Reads a person's subject half: two statements, whatever the number of items.
///
/// # Errors
/// Faults of storage. `None` for a user that never was.
pub fn load_viewer<T: Subjects + ?Sized>(
    tx: &mut T,
    user: UserId,
    standing: Standing,
    rules: &AccessRules,
    now: Timestamp,
) -> Result<Option<Viewer>, StoreError> {
    let Some((subject, affiliations)) = tx.subject(user)? else {
        return Ok(None);
    };
    Ok(Some(Viewer::fold(
        &subject,
        affiliations,
        standing,
        rules,
        now,
    )))
}

impl<'a> Act<'a> {
    /// Reads who acts, inside the unit of work in which they act. `standing` is what whoever keeps
    /// the accounts says of them; an operator has none.
    ///
    /// # Errors
    /// Faults of storage; a principal who is no user is [`ErrorKind::Hidden`].
    pub fn begin(
        tx: &mut dyn AccessTx,
        principal: &'a Principal,
        standing: Standing,
        rules: &'a AccessRules,
        now: Timestamp,
        entropy: &'a dyn Entropy,
    ) -> Result<Self, Error> {
        let viewer = match principal.user() {
            None => None,
            Some(user) => Some(
                load_viewer(tx, user, standing, rules, now)?
                    .ok_or_else(|| Error::hidden(Some(Gate::Standing)))?,
            ),
        };
        Ok(Self {
            principal,
            viewer,
            rules,
            now,
            entropy,
        })
    }

    /// The same act with more in its viewer: the sharing core adds grants and fields.
    #[must_use]
    pub fn map_viewer(mut self, more: impl FnOnce(Viewer) -> Viewer) -> Self {
        self.viewer = self.viewer.map(more);
        self
    }

    /// Who acts.
    pub const fn principal(&self) -> &Principal {
        self.principal
    }

    /// What they see; an operator has no viewer and needs none.
    pub const fn viewer(&self) -> Option<&Viewer> {
        self.viewer.as_ref()
    }

    /// The rules in force.
    pub const fn rules(&self) -> &AccessRules {
        self.rules
    }

    /// When it happens.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Where new ids and secrets come from.
    pub const fn entropy(&self) -> &dyn Entropy {
        self.entropy
    }

    /// Lets the act go on only if `right` is held for `client` (`None`: for every client).
    ///
    /// # Errors
    /// [`ErrorKind::Hidden`] where the asker has no affiliation with the client, so that they
    /// cannot tell it from one that is not there; [`ErrorKind::Refused`] otherwise.
    pub fn require(&self, right: impl Into<Right>, client: Option<ClientId>) -> Result<(), Error> {
        let Some(viewer) = &self.viewer else {
            return Ok(());
        };
        match may(viewer, right, client, self.now) {
            Answer::Allow => Ok(()),
            // Whichever gate spoke first: of a client without an affiliation nothing is told.
            Answer::Deny(deny) if client.is_some() && viewer.held_at(client).is_none() => {
                Err(Error::hidden(Some(deny.gate)))
            }
            Answer::Deny(deny) => Err(Error::refused(
                deny.gate,
                "you do not hold the right to do this",
            )),
        }
    }

    /// Refuses what somebody does to their own rights, roles, clients or address (L9).
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] when the target is the one who acts.
    pub fn not_to_oneself(&self, target: UserId) -> Result<(), Error> {
        if self.principal.user() == Some(target) {
            return Err(Self::nobody_raises_themselves());
        }
        Ok(())
    }

    /// The one "no" to whatever would change what the one who acts may do, by every route (S23, S43).
    pub(crate) fn nobody_raises_themselves() -> Error {
        Error::refused(
            Gate::Right,
            "nobody changes their own rights, roles, clients or address; ask another administrator",
        )
    }

    /// The rights the one who acts holds at `client`; an operator holds all.
    pub fn holds_at(&self, client: Option<ClientId>) -> RightSet {
        match &self.viewer {
            None => RightSet::ALL,
            Some(viewer) => viewer
                .held_at(client)
                .map_or(RightSet::NONE, |held| held.rights),
        }
    }

    /// Writes an audit entry for what was done.
    ///
    /// # Errors
    /// Faults of storage or randomness.
    pub fn record<T: Ledger + ?Sized>(
        &self,
        tx: &mut T,
        action: &str,
        client: Option<ClientId>,
        target: impl Display,
        detail: impl Into<String>,
    ) -> Result<(), Error> {
        tx.record(&AuditEntry {
            id: AuditId::new(self.now, self.entropy)?,
            at: self.now,
            by: self.principal.actor().clone(),
            action: action.to_owned(),
            client,
            target: target.to_string(),
            detail: detail.into(),
        })?;
        Ok(())
    }
}

impl Error {
    /// Whether the asker may be told no more than "there is no such thing".
    pub fn hides(&self) -> bool {
        self.kind() == ErrorKind::Hidden
    }
}
