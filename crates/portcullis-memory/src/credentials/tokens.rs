use crate::Tx;
use crate::table::Row;
use portcullis_credentials::{Account, Digest, Purpose, Token, Tokens};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::StoreError;

impl Row for Token {
    const KEY: &'static str = "the digest of a token";
    type Id = (UserId, Purpose);
    type Key = [u8; 32];
    fn id(&self) -> (UserId, Purpose) {
        (self.user, self.purpose)
    }
    fn key(&self) -> Option<[u8; 32]> {
        Some(*self.digest.bytes())
    }
}

impl Tokens for Tx {
    fn put_token(&mut self, token: &Token) -> Result<bool, StoreError> {
        let kept = self.credentials_mut()?;
        if !kept.accounts.has(token.user) {
            return Ok(false);
        }
        kept.tokens.put(token.clone())?;
        Ok(true)
    }

    fn token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<(Token, Account)>, StoreError> {
        let kept = self.credentials();
        let token = kept.tokens.by_key(digest.bytes());
        Ok(token
            .filter(|token| token.purpose == purpose)
            .and_then(|token| Some((token.clone(), kept.accounts.get(token.user)?.clone()))))
    }

    fn consume_token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<Token>, StoreError> {
        let tokens = &mut self.credentials_mut()?.tokens;
        let found = tokens.by_key(digest.bytes());
        let taken = found.filter(|token| token.purpose == purpose).cloned();
        if let Some(token) = &taken {
            tokens.remove(token.id());
        }
        Ok(taken)
    }

    fn drop_tokens(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        let tokens = &mut self.credentials_mut()?.tokens;
        Ok(tokens.remove_where(|token| token.expires_at <= now))
    }
}
