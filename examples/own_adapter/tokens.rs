use super::people::{Desk, Kept};
use portcullis_credentials::{Account, Digest, Purpose, Token, Tokens};
use portcullis_id::Timestamp;
use portcullis_ledger::StoreError;

impl Kept {
    fn token(&self, digest: &Digest, purpose: Purpose) -> Option<&Token> {
        let mut tokens = self.tokens.values();
        tokens.find(|token| token.digest == *digest && token.purpose == purpose)
    }
}

impl Tokens for Desk {
    fn put_token(&mut self, token: &Token) -> Result<bool, StoreError> {
        let kept = self.change()?;
        if !kept.accounts.contains_key(&token.user) {
            return Ok(false);
        }
        kept.tokens
            .insert((token.user, token.purpose), token.clone());
        Ok(true)
    }

    fn token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<(Token, Account)>, StoreError> {
        let kept = self.kept();
        Ok(kept.token(digest, purpose).and_then(|token| {
            let account = kept.accounts.get(&token.user)?;
            Some((token.clone(), account.clone()))
        }))
    }

    fn consume_token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<Token>, StoreError> {
        let kept = self.change()?;
        let key = kept
            .token(digest, purpose)
            .map(|token| (token.user, token.purpose));
        Ok(key.and_then(|key| kept.tokens.remove(&key)))
    }

    fn drop_tokens(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        let tokens = &mut self.change()?.tokens;
        let before = tokens.len();
        tokens.retain(|_, token| token.expires_at > now);
        Ok((before - tokens.len()) as u64)
    }
}
