-- A mail that carries a secret holds it sealed, under a key that is kept elsewhere, until it is sent.
ALTER TABLE portcullis_outbox ADD COLUMN sealed {text};
