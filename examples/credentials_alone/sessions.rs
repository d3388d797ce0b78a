use super::accounts::{account, select};
use super::cells::{digest, epoch, key, time, user, uuid};
use super::host::Desk;
use portcullis_credentials::{Account, Digest, Session, Sessions};
use portcullis_id::{Epoch, SessionId, Timestamp, UserId};
use portcullis_ledger::StoreError;
use rusqlite::{Row, params};

impl Sessions for Desk {
    fn add_session(&mut self, session: &Session) -> Result<bool, StoreError> {
        let added = self.run(
            "INSERT INTO session (id, person, digest, epoch, began, seen) \
             SELECT ?, id, ?, epoch, ?, ? FROM people \
             WHERE id = ? AND epoch = ? AND login_key IS NOT NULL",
            params![
                session.id.uuid().as_bytes(),
                session.digest.bytes(),
                session.created_at.millis(),
                session.seen_at.millis(),
                key(session.user),
                session.epoch.number(),
            ],
        )?;
        Ok(added > 0)
    }

    fn session(&mut self, digest: &Digest) -> Result<Option<(Session, Account)>, StoreError> {
        let sql = select(
            ", session.id, person, digest, session.epoch, began, seen",
            "session JOIN people ON people.id = person WHERE digest = ?",
        );
        self.one(&sql, [digest.bytes()], |row| {
            Ok((session(row, 13)?, account(row)?))
        })
    }

    fn touch_session(
        &mut self,
        id: SessionId,
        now: Timestamp,
        due: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE session SET seen = ? WHERE id = ? AND seen < ?";
        let touched = self.run(
            sql,
            params![now.millis(), id.uuid().as_bytes(), due.millis()],
        )?;
        Ok(touched > 0)
    }

    fn rotate_session(
        &mut self,
        id: SessionId,
        old: &Digest,
        new: &Digest,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE session SET digest = ? WHERE id = ? AND digest = ?";
        let rotated = self.run(sql, params![new.bytes(), id.uuid().as_bytes(), old.bytes()])?;
        Ok(rotated > 0)
    }

    fn sessions_of(
        &mut self,
        user: UserId,
        epoch: Epoch,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        self.list(
            "SELECT id, person, digest, epoch, began, seen FROM session \
             WHERE person = ? AND epoch = ? ORDER BY began DESC, id DESC LIMIT ?",
            params![key(user), epoch.number(), limit],
            |row| session(row, 0),
        )
    }

    fn end_session_of(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM session WHERE id = ? AND person = ?";
        Ok(self.run(sql, params![id.uuid().as_bytes(), key(user)])? > 0)
    }

    fn end_other_sessions(&mut self, user: UserId, keep: SessionId) -> Result<u64, StoreError> {
        let sql = "DELETE FROM session WHERE person = ? AND id <> ?";
        self.run(sql, params![key(user), keep.uuid().as_bytes()])
    }

    fn end_session(&mut self, id: SessionId) -> Result<bool, StoreError> {
        Ok(self.run("DELETE FROM session WHERE id = ?", [id.uuid().as_bytes()])? > 0)
    }

    fn end_sessions(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.run("DELETE FROM session WHERE person = ?", [key(user)])
    }

    fn drop_sessions(&mut self, created: Timestamp, seen: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM session WHERE began <= ? OR seen <= ?";
        self.run(sql, [created.millis(), seen.millis()])
    }
}

fn session(row: &Row<'_>, at: usize) -> rusqlite::Result<Session> {
    Ok(Session {
        id: SessionId::from_uuid(uuid(row, at)?),
        user: user(row, at + 1)?,
        digest: digest(row, at + 2)?,
        epoch: epoch(row, at + 3)?,
        created_at: time(row, at + 4)?,
        seen_at: time(row, at + 5)?,
    })
}
