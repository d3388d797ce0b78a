use super::{Desk, Run};
use crate::Error;
use portcullis_access::{ContainerKinds, UserKind, command};
use portcullis_sharing::command::default;
use portcullis_sharing::{DefaultExposure, DefaultOf};

/// What is switched on for the whole portal.
#[derive(Debug)]
pub struct SettingsDesk<'d, 'p, R>(&'d Desk<'p, R>);

impl<'p, R: Run> Desk<'p, R> {
    /// What is switched on for the whole portal.
    pub const fn settings(&self) -> SettingsDesk<'_, 'p, R> {
        SettingsDesk(self)
    }
}

impl<R: Run> SettingsDesk<'_, '_, R> {
    /// Switches the portal on or off. Off ends the sessions of everybody but staff (V3, choice 2).
    ///
    /// # Errors
    /// As [`command::portal::set_active`].
    pub fn set_active(&self, active: bool) -> Result<(), Error> {
        self.0.act("portal.active", |tx, act| {
            command::portal::set_active(tx, act, active)?;
            if active {
                return Ok(());
            }
            let credentials = &self.0.rules.credentials;
            for user in tx.users()? {
                if user.kind != UserKind::Staff && !user.removed {
                    credentials.end_sessions(tx, user.id, self.0.principal.actor(), self.0.now)?;
                }
            }
            Ok(())
        })
    }

    /// Sets which container kinds are licensed (K27).
    ///
    /// # Errors
    /// As [`command::portal::set_licensed`].
    pub fn set_licensed(&self, licensed: ContainerKinds) -> Result<(), Error> {
        self.0.act("portal.licence", |tx, act| {
            Ok(command::portal::set_licensed(tx, act, licensed)?)
        })
    }

    /// Sets the default exposure of what is made from now on (V8, V31); what is there keeps its
    /// own (V9).
    ///
    /// # Errors
    /// As [`default::set`].
    pub fn set_default(&self, of: DefaultOf, exposure: DefaultExposure) -> Result<(), Error> {
        self.0.act("default.set", |tx, act| {
            Ok(default::set(tx, act, of, exposure)?)
        })
    }
}
