-- Who: clients, contacts, users, affiliations, roles, and what is switched on.

CREATE TABLE portcullis_portal (
    id {int} PRIMARY KEY CHECK (id = 1),
    active {int} NOT NULL CHECK (active IN (0, 1)),
    first_activated_at {int},
    licensed {int} NOT NULL
) {strict};

-- What the stored numbers of item kinds mean. A number never gets a second name.
CREATE TABLE portcullis_kind (
    number {int} PRIMARY KEY CHECK (number BETWEEN 0 AND 62),
    name {text} NOT NULL UNIQUE
) {strict};

-- A host's key stands in the column of its native type. main_contact has no foreign key: contacts
-- refer to clients already, and one of the two must be written first.
CREATE TABLE portcullis_client (
    id {id} NOT NULL PRIMARY KEY,
    key_int {int},
    key_uuid {id},
    key_text {text},
    name {text} NOT NULL,
    sort_key {text} NOT NULL,
    light {int} NOT NULL CHECK (light BETWEEN 0 AND 2),
    closed {int} NOT NULL,
    main_contact {id},
    created_at {int} NOT NULL,
    CHECK (CASE WHEN key_int IS NULL THEN 0 ELSE 1 END + CASE WHEN key_uuid IS NULL THEN 0 ELSE 1 END
        + CASE WHEN key_text IS NULL THEN 0 ELSE 1 END <= 1)
) {strict};

CREATE UNIQUE INDEX portcullis_client_int ON portcullis_client (key_int) WHERE key_int IS NOT NULL;
CREATE UNIQUE INDEX portcullis_client_uuid ON portcullis_client (key_uuid) WHERE key_uuid IS NOT NULL;
CREATE UNIQUE INDEX portcullis_client_text ON portcullis_client (key_text) WHERE key_text IS NOT NULL;
CREATE INDEX portcullis_client_order ON portcullis_client (light, sort_key, id);

CREATE TABLE portcullis_contact (
    id {id} NOT NULL PRIMARY KEY,
    client_id {id} NOT NULL REFERENCES portcullis_client (id),
    key_int {int},
    key_uuid {id},
    key_text {text},
    name {text} NOT NULL,
    sort_key {text} NOT NULL,
    email {text},
    phone {text},
    CHECK (CASE WHEN key_int IS NULL THEN 0 ELSE 1 END + CASE WHEN key_uuid IS NULL THEN 0 ELSE 1 END
        + CASE WHEN key_text IS NULL THEN 0 ELSE 1 END <= 1)
) {strict};

CREATE UNIQUE INDEX portcullis_contact_int ON portcullis_contact (key_int) WHERE key_int IS NOT NULL;
CREATE UNIQUE INDEX portcullis_contact_uuid ON portcullis_contact (key_uuid) WHERE key_uuid IS NOT NULL;
CREATE UNIQUE INDEX portcullis_contact_text ON portcullis_contact (key_text) WHERE key_text IS NOT NULL;
CREATE INDEX portcullis_contact_order ON portcullis_contact (client_id, sort_key, id);

-- rights are names with a space between them, here and below.
CREATE TABLE portcullis_user (
    id {id} NOT NULL PRIMARY KEY,
    key_int {int},
    key_uuid {id},
    key_text {text},
    kind {int} NOT NULL CHECK (kind BETWEEN 0 AND 2),
    name {text} NOT NULL,
    email {text},
    contact_id {id} REFERENCES portcullis_contact (id),
    every_client {int} NOT NULL CHECK (every_client IN (0, 1)),
    reach {int} NOT NULL,
    rights {text} NOT NULL,
    removed {int} NOT NULL CHECK (removed IN (0, 1)),
    created_at {int} NOT NULL,
    CHECK (CASE WHEN key_int IS NULL THEN 0 ELSE 1 END + CASE WHEN key_uuid IS NULL THEN 0 ELSE 1 END
        + CASE WHEN key_text IS NULL THEN 0 ELSE 1 END <= 1)
) {strict};

CREATE UNIQUE INDEX portcullis_user_int ON portcullis_user (key_int) WHERE key_int IS NOT NULL;
CREATE UNIQUE INDEX portcullis_user_uuid ON portcullis_user (key_uuid) WHERE key_uuid IS NOT NULL;
CREATE UNIQUE INDEX portcullis_user_text ON portcullis_user (key_text) WHERE key_text IS NOT NULL;
CREATE INDEX portcullis_user_contact ON portcullis_user (contact_id);

CREATE TABLE portcullis_affiliation (
    user_id {id} NOT NULL REFERENCES portcullis_user (id),
    client_id {id} NOT NULL REFERENCES portcullis_client (id),
    rights {text} NOT NULL,
    paused {int} NOT NULL CHECK (paused IN (0, 1)),
    until {int},
    PRIMARY KEY (user_id, client_id)
) {strict};

CREATE INDEX portcullis_affiliation_client ON portcullis_affiliation (client_id, user_id);

CREATE TABLE portcullis_role (
    id {id} NOT NULL PRIMARY KEY,
    name {text} NOT NULL UNIQUE,
    rights {text} NOT NULL
) {strict};

-- Roles given at every client the user reaches.
CREATE TABLE portcullis_user_role (
    user_id {id} NOT NULL REFERENCES portcullis_user (id),
    role_id {id} NOT NULL REFERENCES portcullis_role (id),
    PRIMARY KEY (user_id, role_id)
) {strict};

CREATE INDEX portcullis_user_role_role ON portcullis_user_role (role_id);

-- Roles given at one client; they go with the affiliation.
CREATE TABLE portcullis_affiliation_role (
    user_id {id} NOT NULL,
    client_id {id} NOT NULL,
    role_id {id} NOT NULL REFERENCES portcullis_role (id),
    PRIMARY KEY (user_id, client_id, role_id),
    FOREIGN KEY (user_id, client_id)
        REFERENCES portcullis_affiliation (user_id, client_id) ON DELETE CASCADE
) {strict};

CREATE INDEX portcullis_affiliation_role_role ON portcullis_affiliation_role (role_id);
