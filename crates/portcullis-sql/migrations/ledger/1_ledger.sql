-- What every change leaves behind.

-- One row for the whole store. store_id stays NULL until the portal is founded: it takes
-- randomness, and a migration has none.
CREATE TABLE portcullis_meta (
    id {int} PRIMARY KEY CHECK (id = 1),
    policy_revision {int} NOT NULL,
    store_id {id},
    created_at {int} NOT NULL
) {strict};

INSERT INTO portcullis_meta (id, policy_revision, created_at) VALUES (1, 0, {now});

-- scope is a client's id, or the nil UUID for what belongs to no client.
CREATE TABLE portcullis_scope_revision (
    scope {id} NOT NULL PRIMARY KEY,
    revision {int} NOT NULL
) {strict};

-- seq is the order of insertion: two entries of one millisecond have no other.
CREATE TABLE portcullis_audit (
    seq {serial},
    id {id} NOT NULL UNIQUE,
    at {int} NOT NULL,
    actor {text} NOT NULL,
    action {text} NOT NULL,
    client {id},
    target {text} NOT NULL,
    detail {text} NOT NULL
) {strict};

CREATE INDEX portcullis_audit_client ON portcullis_audit (client, seq);

CREATE TABLE portcullis_outbox (
    seq {serial},
    id {id} NOT NULL UNIQUE,
    at {int} NOT NULL,
    recipient {text} NOT NULL,
    event {text} NOT NULL,
    item {id},
    container {id}
) {strict};
