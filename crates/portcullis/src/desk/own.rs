use super::{Desk, Run};
use crate::Error;
use portcullis_access::{OwnField, User, command::own};

/// One's own account: what the profile lets its user change (K28). There is no call here for an
/// address, rights, roles or clients, and those of other desks refuse whoever asks for themselves.
#[derive(Debug)]
pub struct OwnDesk<'d, 'p, R>(&'d Desk<'p, R>);

impl<'p, R: Run> Desk<'p, R> {
    /// One's own account.
    pub const fn own(&self) -> OwnDesk<'_, 'p, R> {
        OwnDesk(self)
    }
}

impl<R: Run> OwnDesk<'_, '_, R> {
    /// One's own account, as the form shows it (S14), with what of it one may change.
    ///
    /// # Errors
    /// As [`own::account`].
    pub fn account(&self) -> Result<(User, Vec<OwnField>), Error> {
        self.0.act("own.account", |tx, act| {
            let fields = act.rules().own_fields().iter().copied().collect();
            Ok((own::account(tx, act)?, fields))
        })
    }

    /// Changes one's own name.
    ///
    /// # Errors
    /// As [`own::set_name`].
    pub fn set_name(&self, name: &str) -> Result<(), Error> {
        self.0
            .act("own.name", |tx, act| Ok(own::set_name(tx, act, name)?))
    }
}
