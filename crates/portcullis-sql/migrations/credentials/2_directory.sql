-- Who signs in through a directory: it keeps their password, and we keep none.
ALTER TABLE portcullis_account ADD COLUMN directory {int} NOT NULL DEFAULT 0
    CHECK (directory = 0 OR (directory = 1 AND password IS NULL));
