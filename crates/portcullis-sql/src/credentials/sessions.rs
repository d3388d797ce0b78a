use super::held::held;
use super::row::{account, account_columns, digest, epoch};
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx};
use portcullis_credentials::{Account, Digest, Session, Sessions};
use portcullis_id::{Epoch, SessionId, Timestamp, UserId};
use portcullis_ledger::StoreError;

statements! {
    ADD_SESSION = "INSERT INTO portcullis_session (id, user_id, digest, epoch, created_at, seen_at) \
        SELECT ?, user_id, ?, epoch, ?, ? FROM portcullis_account WHERE user_id = ? AND epoch = ?";
    SESSION = concat!(
        "SELECT portcullis_session.id, portcullis_session.user_id, portcullis_session.digest, \
            portcullis_session.epoch, portcullis_session.created_at, portcullis_session.seen_at, ",
        account_columns!(),
        " FROM portcullis_session \
        JOIN portcullis_account ON portcullis_account.user_id = portcullis_session.user_id \
        WHERE portcullis_session.digest = ?"
    );
    TOUCH_SESSION = "UPDATE portcullis_session SET seen_at = ? WHERE id = ? AND seen_at < ?";
    ROTATE_SESSION = "UPDATE portcullis_session SET digest = ? WHERE id = ? AND digest = ?";
    SESSIONS_OF = "SELECT id, user_id, digest, epoch, created_at, seen_at FROM portcullis_session \
        WHERE user_id = ? AND epoch = ? ORDER BY created_at DESC, id DESC LIMIT CAST(? AS BIGINT)";
    END_SESSION_OF = "DELETE FROM portcullis_session WHERE id = ? AND user_id = ?";
    END_OTHER_SESSIONS = "DELETE FROM portcullis_session WHERE user_id = ? AND id <> ?";
    END_SESSION = "DELETE FROM portcullis_session WHERE id = ?";
    END_SESSIONS = "DELETE FROM portcullis_session WHERE user_id = ?";
    DROP_SESSIONS = "DELETE FROM portcullis_session WHERE created_at <= ? OR seen_at <= ?";
}

impl<E: Exec> Sessions for SqlTx<E> {
    fn add_session(&mut self, session: &Session) -> Result<bool, StoreError> {
        let added = self.exec.run(
            &held(self.exec.dialect(), ADD_SESSION),
            &[
                session.id.into(),
                session.digest.bytes().as_slice().into(),
                session.created_at.into(),
                session.seen_at.into(),
                session.user.into(),
                session.epoch.into(),
            ],
        )?;
        Ok(added > 0)
    }

    fn session(&mut self, digest: &Digest) -> Result<Option<(Session, Account)>, StoreError> {
        let values = [digest.bytes().as_slice().into()];
        self.exec
            .optional(SESSION, &values, |row| Ok((read(row)?, account(row)?)))
    }

    fn touch_session(
        &mut self,
        id: SessionId,
        now: Timestamp,
        due: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = [now.into(), id.into(), due.into()];
        Ok(self.exec.run(TOUCH_SESSION, &values)? > 0)
    }

    fn rotate_session(
        &mut self,
        id: SessionId,
        old: &Digest,
        new: &Digest,
    ) -> Result<bool, StoreError> {
        let (old, new) = (old.bytes().as_slice(), new.bytes().as_slice());
        let values = [new.into(), id.into(), old.into()];
        Ok(self.exec.run(ROTATE_SESSION, &values)? > 0)
    }

    fn sessions_of(
        &mut self,
        user: UserId,
        epoch: Epoch,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        let values = [user.into(), epoch.into(), limit.into()];
        self.exec.list(SESSIONS_OF, &values, read)
    }

    fn end_session_of(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        let values = [id.into(), user.into()];
        Ok(self.exec.run(END_SESSION_OF, &values)? > 0)
    }

    fn end_other_sessions(&mut self, user: UserId, keep: SessionId) -> Result<u64, StoreError> {
        self.exec
            .run(END_OTHER_SESSIONS, &[user.into(), keep.into()])
    }

    fn end_session(&mut self, id: SessionId) -> Result<bool, StoreError> {
        Ok(self.exec.run(END_SESSION, &[id.into()])? > 0)
    }

    fn end_sessions(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.exec.run(END_SESSIONS, &[user.into()])
    }

    fn drop_sessions(&mut self, created: Timestamp, seen: Timestamp) -> Result<u64, StoreError> {
        self.exec.run(DROP_SESSIONS, &[created.into(), seen.into()])
    }
}

fn read(row: &mut Cells<'_>) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.id()?,
        user: row.id()?,
        digest: digest(row)?,
        epoch: epoch(row)?,
        created_at: row.timestamp()?,
        seen_at: row.timestamp()?,
    })
}
