use super::accounts::{account, select};
use super::cells::{digest, epoch, key, time, user, uuid};
use super::host::Desk;
use portcullis_credentials::{Account, Digest, Purpose, Token, Tokens};
use portcullis_id::{Timestamp, TokenId};
use portcullis_ledger::StoreError;
use rusqlite::{Row, params};

impl Tokens for Desk {
    fn put_token(&mut self, token: &Token) -> Result<bool, StoreError> {
        let put = self.run(
            "INSERT INTO one_time (person, purpose, id, digest, epoch, made, ends) \
             SELECT id, ?, ?, ?, ?, ?, ? FROM people \
             WHERE id = ? AND login_key IS NOT NULL ON CONFLICT (person, purpose) DO UPDATE SET \
                id = excluded.id, digest = excluded.digest, epoch = excluded.epoch, \
                made = excluded.made, ends = excluded.ends",
            params![
                token.purpose.name(),
                token.id.uuid().as_bytes(),
                token.digest.bytes(),
                token.epoch.number(),
                token.created_at.millis(),
                token.expires_at.millis(),
                key(token.user),
            ],
        )?;
        Ok(put > 0)
    }

    fn token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<(Token, Account)>, StoreError> {
        let sql = select(
            ", one_time.id, person, digest, one_time.epoch, made, ends",
            "one_time JOIN people ON people.id = person WHERE digest = ? AND purpose = ?",
        );
        self.one(&sql, params![digest.bytes(), purpose.name()], |row| {
            Ok((token(row, 13, purpose)?, account(row)?))
        })
    }

    fn consume_token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<Token>, StoreError> {
        self.one(
            "DELETE FROM one_time WHERE digest = ? AND purpose = ? \
             RETURNING id, person, digest, epoch, made, ends",
            params![digest.bytes(), purpose.name()],
            |row| token(row, 0, purpose),
        )
    }

    fn drop_tokens(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.run("DELETE FROM one_time WHERE ends <= ?", [now.millis()])
    }
}

fn token(row: &Row<'_>, at: usize, purpose: Purpose) -> rusqlite::Result<Token> {
    Ok(Token {
        id: TokenId::from_uuid(uuid(row, at)?),
        user: user(row, at + 1)?,
        purpose,
        digest: digest(row, at + 2)?,
        epoch: epoch(row, at + 3)?,
        created_at: time(row, at + 4)?,
        expires_at: time(row, at + 5)?,
    })
}
