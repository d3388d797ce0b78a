use super::invite::Whose;
use super::people::leaving_somebody;
use super::{Desk, Run};
use crate::Error;
use portcullis_access::{Gate, Kind, NamedRight, User, UserKind, Verb, Viewer, command};
use portcullis_credentials::Invitation;
use portcullis_id::{ClientId, ContactId, HostKey, RoleId, UserId};
use portcullis_sharing::{Drift, Explanation, explain, load_sight, locate, verify};

/// Roles.
#[derive(Debug)]
pub struct RolesDesk<'d, 'p, R>(&'d Desk<'p, R>);

/// One user, and why the answer about one item is for them what it is.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The user.
    pub user: User,
    /// The walk.
    pub explanation: Explanation,
}

impl<'p, R: Run> Desk<'p, R> {
    /// Founds a new portal: what the profile starts with, and its first administrator. The
    /// invitation is the one-use link by which they set their password.
    ///
    /// # Errors
    /// Refused for anybody but an operator; invalid for a portal that has people already.
    pub fn found(&self, name: &str, email: &str) -> Result<Invitation, Error> {
        if self.principal.user().is_some() {
            return Err(Error::refused(
                Gate::Right,
                "only an operator founds a portal",
            ));
        }
        self.act("portal.found", |tx, act| {
            command::portal::found(tx, act)?;
            if !tx.users()?.is_empty() {
                return Err(Error::invalid(
                    "this portal has people already; add administrators as staff",
                ));
            }
            let everything = act
                .rules()
                .catalogue()
                .describe(&act.rules().ceiling(UserKind::Staff));
            let new = command::user::NewStaff {
                name: name.to_owned(),
                email: Some(email.to_owned()),
                every_client: true,
                rights: everything,
                key: None,
            };
            let whose = Whose {
                user: command::user::add_staff(tx, act, new)?,
                login: email,
                email: Some(email),
                expires_in_days: None,
                container: None,
            };
            self.open_in_hand(tx, &whose)
        })
    }

    /// Roles.
    pub const fn roles(&self) -> RolesDesk<'_, 'p, R> {
        RolesDesk(self)
    }

    /// What a contact sees: a viewer like their own, for reading alone. The audit entry is
    /// written first. A contact who cannot sign in at the moment is seen as if they could
    /// (choice 24).
    ///
    /// # Errors
    /// Hidden or refused without `portal.preview` at every client the contact's user works for;
    /// invalid for a contact without a login.
    pub fn preview(&self, contact: ContactId) -> Result<Viewer, Error> {
        self.act("portal.preview", |tx, act| {
            let known = tx.contact(contact)?.ok_or_else(|| Error::hidden(None))?;
            act.require(NamedRight::PREVIEW, Some(known.client))?;
            let user = tx.user_of_contact(contact)?.ok_or_else(|| {
                Error::invalid("this contact has no login to see the portal with")
            })?;
            for at in tx.affiliations_of(user.id)? {
                act.require(NamedRight::PREVIEW, Some(at.client))?;
            }
            act.record(
                tx,
                "portal.preview",
                Some(known.client),
                format_args!("contact:{contact}"),
                "",
            )?;
            let standing = tx.standing(user.id)?;
            let rules = self.rules;
            let viewer = load_sight(
                tx,
                user.id,
                standing,
                &rules.access,
                &rules.sharing,
                self.now,
            )?
            .ok_or_else(|| Error::hidden(None))?;
            Ok(viewer.as_preview())
        })
    }

    /// Who may do this with an item of the host's, and who may not and why. Reads every user: for
    /// staff with a question, not for requests.
    ///
    /// What a user's account amounts to is asked of the accounts here. A user who has none counts
    /// as absent, and so is refused: whom a host's single sign-on would vouch for, only the host
    /// knows. For those, ask [`Portal::explain`](crate::Portal::explain) about the viewer of
    /// [`Portal::vouched`](crate::Portal::vouched). The same holds for [`Desk::survey`].
    ///
    /// # Errors
    /// Refused without `audit.read` over every client; hidden for a key that is not there.
    pub fn who_can(
        &self,
        verb: Verb,
        kind: Kind,
        key: impl Into<HostKey>,
    ) -> Result<Vec<Witness>, Error> {
        let key = key.into();
        self.act("audit.who-can", |tx, act| {
            act.require(NamedRight::READ_AUDIT, None)?;
            let rules = self.rules;
            let catalogue = rules.access.catalogue();
            let mut witnesses = Vec::new();
            for user in tx.users()? {
                let standing = tx.standing(user.id)?;
                let sight = load_sight(
                    tx,
                    user.id,
                    standing,
                    &rules.access,
                    &rules.sharing,
                    self.now,
                )?;
                let Some(viewer) = sight else { continue };
                let located = locate(tx, &viewer, catalogue, kind, key.clone())?
                    .ok_or_else(|| Error::hidden(None))?;
                witnesses.push(Witness {
                    user,
                    explanation: explain(&viewer, verb, located.facts(), catalogue, self.now),
                });
            }
            Ok(witnesses)
        })
    }

    /// Derives every settled verdict anew and tells those that differ from what is stored.
    ///
    /// # Errors
    /// Refused without `audit.read` over every client.
    pub fn verify(&self) -> Result<Vec<Drift>, Error> {
        self.act("audit.verify", |tx, act| {
            act.require(NamedRight::READ_AUDIT, None)?;
            Ok(verify(tx, self.rules.access.catalogue())?)
        })
    }

    /// The newest audit entries.
    ///
    /// # Errors
    /// Refused without `audit.read` over every client.
    pub fn audit(&self, limit: u32) -> Result<Vec<portcullis_ledger::AuditEntry>, Error> {
        self.act("audit.read", |tx, act| {
            act.require(NamedRight::READ_AUDIT, None)?;
            Ok(tx.audit(limit)?)
        })
    }
}

impl<R: Run> RolesDesk<'_, '_, R> {
    /// Adds a role.
    ///
    /// # Errors
    /// As [`command::role::add`].
    pub fn add(&self, name: &str, rights: &[&str]) -> Result<RoleId, Error> {
        let rights = rights.iter().map(|right| (*right).to_owned()).collect();
        self.0.act("role.add", |tx, act| {
            Ok(command::role::add(tx, act, name, rights)?)
        })
    }

    /// Replaces the rights in a role.
    ///
    /// # Errors
    /// As [`command::role::set_rights`].
    pub fn set_rights(&self, role: RoleId, rights: &[&str]) -> Result<(), Error> {
        let rights = rights.iter().map(|right| (*right).to_owned()).collect();
        self.0.act("role.rights", |tx, act| {
            leaving_somebody(tx, self.0, false, |tx| {
                Ok(command::role::set_rights(tx, act, role, rights)?)
            })
        })
    }

    /// Replaces the roles of a user: at one client, or (`None`) wherever they work. Never one's
    /// own (S42).
    ///
    /// # Errors
    /// As [`command::role::give`].
    pub fn give(
        &self,
        user: UserId,
        client: Option<ClientId>,
        roles: &[RoleId],
    ) -> Result<(), Error> {
        self.0.act("user.roles", |tx, act| {
            leaving_somebody(tx, self.0, false, |tx| {
                Ok(command::role::give(tx, act, user, client, roles)?)
            })
        })
    }
}
