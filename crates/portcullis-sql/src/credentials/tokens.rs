use super::held::held;
use super::row::{account, account_columns, digest, epoch};
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx};
use portcullis_credentials::{Account, Digest, Purpose, Token, Tokens};
use portcullis_id::Timestamp;
use portcullis_ledger::StoreError;

/// Without the purpose, which every statement is given.
macro_rules! token {
    () => {
        "portcullis_token.id, portcullis_token.user_id, portcullis_token.digest, \
         portcullis_token.epoch, portcullis_token.created_at, portcullis_token.expires_at"
    };
}

statements! {
    PUT_TOKEN = "INSERT INTO portcullis_token (user_id, purpose, id, digest, epoch, created_at, \
            expires_at) SELECT user_id, ?, ?, ?, ?, ?, ? FROM portcullis_account WHERE user_id = ? \
        ON CONFLICT (user_id, purpose) DO UPDATE SET id = excluded.id, \
            digest = excluded.digest, epoch = excluded.epoch, created_at = excluded.created_at, \
            expires_at = excluded.expires_at";
    TOKEN = concat!(
        "SELECT ", token!(), ", ", account_columns!(), " FROM portcullis_token \
        JOIN portcullis_account ON portcullis_account.user_id = portcullis_token.user_id \
        WHERE portcullis_token.digest = ? AND portcullis_token.purpose = ?"
    );
    CONSUME_TOKEN = concat!(
        "DELETE FROM portcullis_token WHERE digest = ? AND purpose = ? RETURNING ", token!()
    );
    DROP_TOKENS = "DELETE FROM portcullis_token WHERE expires_at <= ?";
}

impl<E: Exec> Tokens for SqlTx<E> {
    fn put_token(&mut self, token: &Token) -> Result<bool, StoreError> {
        let put = self.exec.run(
            &held(self.exec.dialect(), PUT_TOKEN),
            &[
                token.purpose.name().into(),
                token.id.into(),
                token.digest.bytes().as_slice().into(),
                token.epoch.into(),
                token.created_at.into(),
                token.expires_at.into(),
                token.user.into(),
            ],
        )?;
        Ok(put > 0)
    }

    fn token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<(Token, Account)>, StoreError> {
        let values = [digest.bytes().as_slice().into(), purpose.name().into()];
        self.exec.optional(TOKEN, &values, |row| {
            Ok((read(row, purpose)?, account(row)?))
        })
    }

    fn consume_token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<Token>, StoreError> {
        let values = [digest.bytes().as_slice().into(), purpose.name().into()];
        self.exec
            .optional(CONSUME_TOKEN, &values, |row| read(row, purpose))
    }

    fn drop_tokens(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.exec.run(DROP_TOKENS, &[now.into()])
    }
}

fn read(row: &mut Cells<'_>, purpose: Purpose) -> Result<Token, StoreError> {
    Ok(Token {
        id: row.id()?,
        user: row.id()?,
        purpose,
        digest: digest(row)?,
        epoch: epoch(row)?,
        created_at: row.timestamp()?,
        expires_at: row.timestamp()?,
    })
}
