-- Second factors: the authenticator app of a user, and the step whose code was used last. secret and
-- pending are sealed under keys that are kept elsewhere.
CREATE TABLE portcullis_factor (
    user_id {id} NOT NULL PRIMARY KEY REFERENCES portcullis_account (user_id) ON DELETE CASCADE,
    enforced {int} NOT NULL CHECK (enforced IN (0, 1)),
    secret {text},
    pending {text},
    last_step {int} NOT NULL
) {strict};

-- The counters of wrong codes, one a kind of code.
CREATE TABLE portcullis_factor_tries (
    user_id {id} NOT NULL REFERENCES portcullis_account (user_id) ON DELETE CASCADE,
    kind {text} NOT NULL,
    serial {int} NOT NULL,
    counted {int} NOT NULL,
    last_at {int},
    locked_until {int},
    PRIMARY KEY (user_id, kind)
) {strict};

-- digest is the SHA-256 of the code. A code that was used is gone.
CREATE TABLE portcullis_recovery_code (
    user_id {id} NOT NULL REFERENCES portcullis_account (user_id) ON DELETE CASCADE,
    digest {bytes} NOT NULL,
    PRIMARY KEY (user_id, digest)
) {strict};
