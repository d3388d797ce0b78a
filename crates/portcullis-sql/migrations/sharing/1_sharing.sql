-- What: containers, items, who was let in, who is sent what, and the organisation's defaults.

-- open is the settled verdict about the container itself; the raw facts stand beside it. The pair
-- (id, client_id) is unique so that an item can be tied to its container's client.
CREATE TABLE portcullis_container (
    id {id} NOT NULL PRIMARY KEY,
    kind {int} NOT NULL CHECK (kind BETWEEN 0 AND 5),
    key_int {int},
    key_uuid {id},
    key_text {text},
    client_id {id} REFERENCES portcullis_client (id),
    name {text} NOT NULL,
    sort_key {text} NOT NULL,
    exposure {int} NOT NULL CHECK (exposure BETWEEN 0 AND 2),
    default_exposure {int} NOT NULL CHECK (default_exposure BETWEEN 0 AND 2),
    lifecycle {int} NOT NULL CHECK (lifecycle BETWEEN 0 AND 2),
    closed {int} NOT NULL,
    created_at {int} NOT NULL,
    open {int} NOT NULL CHECK (open IN (0, 1)),
    UNIQUE (id, client_id),
    CHECK (CASE WHEN key_int IS NULL THEN 0 ELSE 1 END + CASE WHEN key_uuid IS NULL THEN 0 ELSE 1 END
        + CASE WHEN key_text IS NULL THEN 0 ELSE 1 END <= 1)
) {strict};

CREATE UNIQUE INDEX portcullis_container_int ON portcullis_container (kind, key_int)
    WHERE key_int IS NOT NULL;
CREATE UNIQUE INDEX portcullis_container_uuid ON portcullis_container (kind, key_uuid)
    WHERE key_uuid IS NOT NULL;
CREATE UNIQUE INDEX portcullis_container_text ON portcullis_container (kind, key_text)
    WHERE key_text IS NOT NULL;
CREATE INDEX portcullis_container_order ON portcullis_container (client_id, kind, sort_key, id);
-- A client has one root (kind 0), and so have the things of no client. Not `kind = 0`: SQLite would
-- prepare a statement with `kind = ?` anew for each value, to see whether the index serves it.
CREATE UNIQUE INDEX portcullis_container_root ON portcullis_container (client_id)
    WHERE kind < 1;
CREATE UNIQUE INDEX portcullis_container_unowned_root ON portcullis_container (kind)
    WHERE kind < 1 AND client_id IS NULL;

-- open is the settled verdict about the item and its parents, never about its container.
CREATE TABLE portcullis_item (
    id {id} NOT NULL PRIMARY KEY,
    kind {int} NOT NULL CHECK (kind BETWEEN 0 AND 62),
    key_int {int},
    key_uuid {id},
    key_text {text},
    container_id {id} NOT NULL REFERENCES portcullis_container (id),
    client_id {id},
    parent_id {id} REFERENCES portcullis_item (id),
    path {int} NOT NULL,
    exposure {int} NOT NULL CHECK (exposure BETWEEN 0 AND 2),
    default_exposure {int} NOT NULL CHECK (default_exposure BETWEEN 0 AND 2),
    older {int} NOT NULL CHECK (older IN (0, 1)),
    lifecycle {int} NOT NULL CHECK (lifecycle BETWEEN 0 AND 2),
    author_id {id} REFERENCES portcullis_user (id),
    created_at {int} NOT NULL,
    open {int} NOT NULL CHECK (open IN (0, 1)),
    FOREIGN KEY (container_id, client_id) REFERENCES portcullis_container (id, client_id),
    CHECK (CASE WHEN key_int IS NULL THEN 0 ELSE 1 END + CASE WHEN key_uuid IS NULL THEN 0 ELSE 1 END
        + CASE WHEN key_text IS NULL THEN 0 ELSE 1 END = 1)
) {strict};

CREATE UNIQUE INDEX portcullis_item_int ON portcullis_item (kind, key_int)
    WHERE key_int IS NOT NULL;
CREATE UNIQUE INDEX portcullis_item_uuid ON portcullis_item (kind, key_uuid)
    WHERE key_uuid IS NOT NULL;
CREATE UNIQUE INDEX portcullis_item_text ON portcullis_item (kind, key_text)
    WHERE key_text IS NOT NULL;
CREATE INDEX portcullis_item_parent ON portcullis_item (parent_id, id);
CREATE INDEX portcullis_item_author ON portcullis_item (author_id) WHERE author_id IS NOT NULL;

-- The order of lists: of all, of a client, of a container; once for staff, who see what is
-- hidden, and once without what is hidden, so that no number of hidden items slows a client down.
-- They hold all that choosing rows asks for; open is in them because SQLite reads it back.
CREATE INDEX portcullis_item_all ON portcullis_item (kind, created_at, id);
CREATE INDEX portcullis_item_all_open ON portcullis_item (kind, created_at, id) WHERE open = 1;
CREATE INDEX portcullis_item_client
    ON portcullis_item (client_id, kind, created_at, id, container_id, path);
CREATE INDEX portcullis_item_client_open
    ON portcullis_item (client_id, kind, created_at, id, container_id, path, open) WHERE open = 1;
CREATE INDEX portcullis_item_container
    ON portcullis_item (container_id, kind, created_at, id, path);
CREATE INDEX portcullis_item_container_open
    ON portcullis_item (container_id, kind, created_at, id, path, open) WHERE open = 1;

CREATE TABLE portcullis_membership (
    user_id {id} NOT NULL REFERENCES portcullis_user (id),
    container_id {id} NOT NULL REFERENCES portcullis_container (id),
    source {int} NOT NULL CHECK (source BETWEEN 0 AND 2),
    until {int},
    approver {int} NOT NULL CHECK (approver IN (0, 1)),
    since {int} NOT NULL,
    PRIMARY KEY (user_id, container_id)
) {strict};

-- Lists ask every grant of a user whether it is live; this answers without the row.
CREATE INDEX portcullis_membership_live ON portcullis_membership (user_id, container_id, until);
CREATE INDEX portcullis_membership_container ON portcullis_membership (container_id, user_id);

CREATE TABLE portcullis_distribution (
    item_id {id} NOT NULL REFERENCES portcullis_item (id) ON DELETE CASCADE,
    user_id {id} NOT NULL REFERENCES portcullis_user (id),
    PRIMARY KEY (item_id, user_id)
) {strict};

CREATE INDEX portcullis_distribution_user ON portcullis_distribution (user_id);

-- noun 0: new containers of this kind, 1: new items of this kind.
CREATE TABLE portcullis_default (
    noun {int} NOT NULL CHECK (noun IN (0, 1)),
    kind {int} NOT NULL,
    default_exposure {int} NOT NULL CHECK (default_exposure BETWEEN 0 AND 2),
    PRIMARY KEY (noun, kind)
) {strict};
