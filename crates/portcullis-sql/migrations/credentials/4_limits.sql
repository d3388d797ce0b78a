-- What bounds guessing beyond one lock: how many wrong answers came in a row, locks and pauses
-- included, for locks that grow; how often one source or one user may ask; passwords not to be used
-- again.
ALTER TABLE portcullis_account ADD COLUMN in_a_row {int} NOT NULL DEFAULT 0;
UPDATE portcullis_account SET in_a_row = counted;
ALTER TABLE portcullis_factor_tries ADD COLUMN in_a_row {int} NOT NULL DEFAULT 0;
UPDATE portcullis_factor_tries SET in_a_row = counted;

-- spent_until is the moment at which all that was asked for has been paid back.
CREATE TABLE portcullis_rate (
    what {text} NOT NULL,
    whose {text} NOT NULL,
    spent_until {int} NOT NULL,
    PRIMARY KEY (what, whose)
) {strict};

CREATE INDEX portcullis_rate_spent ON portcullis_rate (spent_until);

CREATE TABLE portcullis_former_password (
    user_id {id} NOT NULL REFERENCES portcullis_account (user_id) ON DELETE CASCADE,
    password {text} NOT NULL,
    replaced_at {int} NOT NULL,
    PRIMARY KEY (user_id, password)
) {strict};
