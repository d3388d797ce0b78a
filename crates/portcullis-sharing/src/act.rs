use crate::{ItemFacts, SharingRules, SharingTx, decide, load_grants};
use portcullis_access::{AccessRules, Act, Error, Gate, Principal, Verb};
use portcullis_id::{Entropy, Standing, Timestamp};
use std::ops::Deref;

/// One person acting on containers and items in one unit of work: an [`Act`] whose viewer knows
/// its grants, and the sharing rules in force.
///
/// Commands take one, and it is made from a [`Principal`], so a preview cannot write:
///
/// ```compile_fail,E0308
/// use portcullis_access::Viewer;
/// use portcullis_id::ItemId;
/// use portcullis_sharing::{Exposure, SharingTx, command::item};
/// fn wrong(tx: &mut dyn SharingTx, preview: &Viewer, task: ItemId) {
///     let _ = item::set_exposure(tx, preview, task, Exposure::Shown);
/// }
/// ```
///
/// Nor is one kind of container taken for another thing's id:
///
/// ```compile_fail,E0308
/// use portcullis_id::ProjectId;
/// use portcullis_sharing::{Exposure, SharingAct, SharingTx, command::item};
/// fn wrong(tx: &mut dyn SharingTx, act: &SharingAct<'_>, project: ProjectId) {
///     let _ = item::set_exposure(tx, act, project, Exposure::Shown);
/// }
/// ```
///
/// And nothing is read without a [`Viewer`](portcullis_access::Viewer):
///
/// ```compile_fail,E0308
/// use portcullis_access::{Catalogue, Kind, Principal};
/// use portcullis_id::Timestamp;
/// use portcullis_sharing::{SharingTx, page};
/// fn wrong(tx: &mut dyn SharingTx, who: &Principal, catalogue: &Catalogue, now: Timestamp) {
///     let _ = page(tx, who, catalogue, Kind::TASK, None, 50, now);
/// }
/// ```
#[derive(Debug)]
pub struct SharingAct<'a> {
    act: Act<'a>,
    rules: &'a SharingRules,
}

impl<'a> SharingAct<'a> {
    /// Reads who acts, inside the unit of work in which they act.
    ///
    /// # Errors
    /// Faults of storage; a principal who is no user is [`ErrorKind::Hidden`](portcullis_access::ErrorKind::Hidden).
    pub fn begin(
        tx: &mut dyn SharingTx,
        principal: &'a Principal,
        standing: Standing,
        access: &'a AccessRules,
        rules: &'a SharingRules,
        now: Timestamp,
        entropy: &'a dyn Entropy,
    ) -> Result<Self, Error> {
        let act = Act::begin(tx, principal, standing, access, now, entropy)?;
        let grants = match principal.user() {
            None => None,
            Some(user) => load_grants(tx, user)?,
        };
        Ok(Self {
            act: act
                .map_viewer(|viewer| viewer.with_grants(grants, now).with_fields(rules.fields())),
            rules,
        })
    }

    /// The sharing rules in force.
    pub const fn sharing(&self) -> &SharingRules {
        self.rules
    }

    /// Lets the act go on only if the one rule allows it.
    ///
    /// # Errors
    /// [`ErrorKind::Hidden`](portcullis_access::ErrorKind::Hidden) when the asker may not know of the item, [`Refused`](portcullis_access::ErrorKind::Refused) when
    /// they see it and may not do this.
    pub fn allow(&self, verb: Verb, facts: &ItemFacts) -> Result<(), Error> {
        let Some(viewer) = self.viewer() else {
            return Ok(());
        };
        match decide(viewer, verb, facts, self.now()).denied() {
            None => Ok(()),
            Some(deny) if deny.exists => Err(Error::refused(
                deny.gate,
                "you may see this, and may not do this with it",
            )),
            Some(deny) => Err(Error::hidden(Some(deny.gate))),
        }
    }

    /// Lets the act go on only for staff and operators.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`](portcullis_access::ErrorKind::Refused) for anybody else.
    pub fn staff_only(&self) -> Result<(), Error> {
        match self.viewer() {
            Some(viewer) if viewer.kind() != portcullis_access::UserKind::Staff => Err(
                Error::refused(Gate::Right, "only the provider's staff may do this"),
            ),
            _ => Ok(()),
        }
    }
}

impl<'a> Deref for SharingAct<'a> {
    type Target = Act<'a>;
    fn deref(&self) -> &Act<'a> {
        &self.act
    }
}
