-- The host's own table, from before there were logins. A person need not have one.
CREATE TABLE people (
    id         BLOB PRIMARY KEY,
    full_name  TEXT NOT NULL,
    room       TEXT,
    -- What a login takes, in columns of the host's.
    login         TEXT,
    login_key     TEXT UNIQUE,
    password      TEXT,
    directory     INTEGER NOT NULL DEFAULT 0,
    change_due    INTEGER NOT NULL DEFAULT 0,
    suspended_at  INTEGER,
    disabled_at   INTEGER,
    expires_days  INTEGER,
    expires_at    INTEGER,
    epoch         INTEGER NOT NULL DEFAULT 0,
    tries         TEXT NOT NULL DEFAULT '',
    login_since   INTEGER
) STRICT;
CREATE TABLE one_time (
    person BLOB NOT NULL REFERENCES people, purpose TEXT NOT NULL, id BLOB NOT NULL,
    digest BLOB NOT NULL UNIQUE, epoch INTEGER NOT NULL, made INTEGER NOT NULL,
    ends INTEGER NOT NULL, PRIMARY KEY (person, purpose)
) STRICT;
CREATE TABLE session (
    id BLOB PRIMARY KEY, person BLOB NOT NULL REFERENCES people, digest BLOB NOT NULL UNIQUE,
    epoch INTEGER NOT NULL, began INTEGER NOT NULL, seen INTEGER NOT NULL
) STRICT;
CREATE TABLE app (
    person BLOB PRIMARY KEY REFERENCES people, enforced INTEGER NOT NULL DEFAULT 0,
    secret TEXT, pending TEXT, last_step INTEGER NOT NULL DEFAULT -1
) STRICT;
CREATE TABLE recovery (
    person BLOB NOT NULL REFERENCES people, digest BLOB NOT NULL, PRIMARY KEY (person, digest)
) STRICT;
CREATE TABLE app_tries (
    person BLOB NOT NULL REFERENCES people, kind TEXT NOT NULL, tries TEXT NOT NULL,
    PRIMARY KEY (person, kind)
) STRICT;
CREATE TABLE former_password (
    person BLOB NOT NULL REFERENCES people, password TEXT NOT NULL, replaced INTEGER NOT NULL,
    PRIMARY KEY (person, password)
) STRICT;
CREATE TABLE rate (
    what TEXT NOT NULL, whose TEXT NOT NULL, spent INTEGER NOT NULL, PRIMARY KEY (what, whose)
) STRICT;
CREATE TABLE revision (scope TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
CREATE TABLE audit (entry TEXT NOT NULL) STRICT;
CREATE TABLE outbox (id BLOB PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, mail TEXT NOT NULL) STRICT;
