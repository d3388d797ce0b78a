use crate::decode::{join, split};
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx};
use portcullis_access::{Affiliation, Affiliations};
use portcullis_id::{ClientId, UserId};
use portcullis_ledger::StoreError;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT user_id, client_id, rights, paused, until FROM portcullis_affiliation ",
            $rest
        )
    };
}

statements! {
    AFFILIATION = select!("WHERE user_id = ? AND client_id = ?");
    AFFILIATIONS_OF = select!("WHERE user_id = ? ORDER BY client_id");
    AFFILIATIONS_AT = select!("WHERE client_id = ? ORDER BY user_id");
    PUT_AFFILIATION = "INSERT INTO portcullis_affiliation \
            (user_id, client_id, rights, paused, until) VALUES (?, ?, ?, ?, ?) \
        ON CONFLICT (user_id, client_id) DO UPDATE SET rights = excluded.rights, \
            paused = excluded.paused, until = excluded.until";
    /// The roles given for it go with it.
    REMOVE_AFFILIATION = "DELETE FROM portcullis_affiliation WHERE user_id = ? AND client_id = ?";
}

impl<E: Exec> Affiliations for SqlTx<E> {
    fn affiliation(
        &mut self,
        user: UserId,
        client: ClientId,
    ) -> Result<Option<Affiliation>, StoreError> {
        self.exec
            .optional(AFFILIATION, &[user.into(), client.into()], read)
    }

    fn affiliations_of(&mut self, user: UserId) -> Result<Vec<Affiliation>, StoreError> {
        self.exec.list(AFFILIATIONS_OF, &[user.into()], read)
    }

    fn affiliations_at(&mut self, client: ClientId) -> Result<Vec<Affiliation>, StoreError> {
        self.exec.list(AFFILIATIONS_AT, &[client.into()], read)
    }

    fn put_affiliation(&mut self, affiliation: &Affiliation) -> Result<(), StoreError> {
        let rights = join(&affiliation.rights)?;
        self.exec.run(
            PUT_AFFILIATION,
            &[
                affiliation.user.into(),
                affiliation.client.into(),
                (&rights).into(),
                affiliation.paused.into(),
                affiliation.until.into(),
            ],
        )?;
        Ok(())
    }

    fn remove_affiliation(&mut self, user: UserId, client: ClientId) -> Result<(), StoreError> {
        self.exec
            .run(REMOVE_AFFILIATION, &[user.into(), client.into()])?;
        Ok(())
    }
}

fn read(row: &mut Cells<'_>) -> Result<Affiliation, StoreError> {
    Ok(Affiliation {
        user: row.id()?,
        client: row.id()?,
        rights: split(row.text()?),
        paused: row.flag()?,
        until: row.opt_timestamp()?,
    })
}
