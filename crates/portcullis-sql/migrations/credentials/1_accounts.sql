-- Accounts, and what was handed out on the strength of them. Who the users are is kept elsewhere,
-- perhaps not by us: user_id refers to nothing.

-- serial, counted, last_at and locked_until are the counter of wrong passwords. locked_until is the
-- greatest integer where an administrator must unlock.
CREATE TABLE portcullis_account (
    user_id {id} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    name_key {text} NOT NULL UNIQUE,
    password {text},
    change_due {int} NOT NULL CHECK (change_due IN (0, 1)),
    suspended_at {int},
    disabled_at {int},
    expires_in_days {int},
    expires_at {int},
    epoch {int} NOT NULL,
    serial {int} NOT NULL,
    counted {int} NOT NULL,
    last_at {int},
    locked_until {int},
    created_at {int} NOT NULL,
    CHECK ((expires_in_days IS NULL) = (expires_at IS NULL))
) {strict};

-- One for each user and purpose. digest is the SHA-256 of the secret, here and below.
CREATE TABLE portcullis_token (
    user_id {id} NOT NULL REFERENCES portcullis_account (user_id) ON DELETE CASCADE,
    purpose {text} NOT NULL,
    id {id} NOT NULL,
    digest {bytes} NOT NULL UNIQUE,
    epoch {int} NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    PRIMARY KEY (user_id, purpose)
) {strict};

CREATE TABLE portcullis_session (
    id {id} NOT NULL PRIMARY KEY,
    user_id {id} NOT NULL REFERENCES portcullis_account (user_id) ON DELETE CASCADE,
    digest {bytes} NOT NULL UNIQUE,
    epoch {int} NOT NULL,
    created_at {int} NOT NULL,
    seen_at {int} NOT NULL
) {strict};

CREATE INDEX portcullis_session_user ON portcullis_session (user_id);
