CREATE FUNCTION id(n BIGINT) RETURNS UUID LANGUAGE sql IMMUTABLE AS
    $$ SELECT lpad(to_hex(n), 32, '0')::uuid $$;

INSERT INTO portcullis_client (id, key_int, name, sort_key, light, closed, created_at)
    SELECT id(n), n, 'client ' || n, n, n % 3, 0, 0 FROM generate_series(1, 1000) AS n;
INSERT INTO portcullis_contact (id, client_id, name, sort_key)
    SELECT id(n), id(1 + n % 1000), 'contact ' || n, n FROM generate_series(1, 3000) AS n;
INSERT INTO portcullis_user
    (id, key_int, kind, name, contact_id, every_client, reach, rights, removed, created_at)
    SELECT id(n), n, n % 2, 'user ' || n, CASE WHEN n % 2 = 1 THEN id(n) END, 0, 0, '', 0, 0
    FROM generate_series(1, 2000) AS n;
INSERT INTO portcullis_role (id, name, rights)
    SELECT id(n), 'role ' || n, '' FROM generate_series(1, 100) AS n;
INSERT INTO portcullis_user_role (user_id, role_id)
    SELECT id(n), id(1 + n % 100) FROM generate_series(1, 2000) AS n;
INSERT INTO portcullis_affiliation (user_id, client_id, rights, paused)
    SELECT id(n), id(1 + (n * 7 + m) % 1000), '', 0
    FROM generate_series(1, 2000) AS n, generate_series(1, 5) AS m;
INSERT INTO portcullis_affiliation_role (user_id, client_id, role_id)
    SELECT user_id, client_id, id(1) FROM portcullis_affiliation;

INSERT INTO portcullis_container (id, kind, key_text, client_id, name, sort_key, exposure,
    default_exposure, lifecycle, closed, created_at, open)
    SELECT id(n), CASE WHEN n <= 1000 THEN 0 ELSE 1 + n % 5 END,
        CASE WHEN n > 1000 THEN 'c' || n END, id(1 + n % 1000), 'container ' || n, n, 1, 1, 0, 0,
        0, CASE WHEN n % 9 = 0 THEN 0 ELSE 1 END
    FROM generate_series(1, 5000) AS n;
INSERT INTO portcullis_item (id, kind, key_uuid, container_id, client_id, parent_id, path, exposure,
    default_exposure, older, lifecycle, author_id, created_at, sort, open)
    SELECT id(n), 4 + n % 2, id(n), id(c), id(1 + c % 1000),
        CASE WHEN n % 10 = 0 THEN id(n - 1) END, 16, 1, 1, 0, 0,
        CASE WHEN n % 3 = 0 THEN id(1 + n % 2000) END, n, n, CASE WHEN n % 4 = 0 THEN 0 ELSE 1 END
    FROM generate_series(1, 24000) AS n,
        -- Every eighth item is client 1's, in its root or one of its other containers.
        LATERAL (SELECT CASE WHEN n % 8 = 0 THEN 1000 * (1 + n % 5) ELSE 1 + n % 5000 END) AS of(c);
INSERT INTO portcullis_membership (user_id, container_id, source, approver, since)
    SELECT id(n), id(1 + (n * 11 + m) % 5000), 0, 0, 0
    FROM generate_series(1, 2000) AS n, generate_series(1, 5) AS m;
INSERT INTO portcullis_distribution (item_id, user_id)
    SELECT id(n), id(1 + n % 2000) FROM generate_series(1, 10000) AS n;

INSERT INTO portcullis_account (user_id, name, name_key, change_due, epoch, serial, counted,
    created_at)
    SELECT id(n), 'user' || n, 'user' || n, 0, 0, 0, 0, 0 FROM generate_series(1, 2000) AS n;
INSERT INTO portcullis_session (id, user_id, digest, epoch, created_at, seen_at)
    SELECT id(n), id(1 + n % 2000), decode(md5(n::text), 'hex'), 0, n, n
    FROM generate_series(1, 5000) AS n;
INSERT INTO portcullis_token (user_id, purpose, id, digest, epoch, created_at, expires_at)
    SELECT id(n), 'invitation', id(n), decode(md5(n::text), 'hex'), 0, n, n
    FROM generate_series(1, 2000) AS n;
INSERT INTO portcullis_scope_revision (scope, revision)
    SELECT id(n), n FROM generate_series(1, 1000) AS n;
INSERT INTO portcullis_audit (id, at, actor, action, client, target, detail)
    SELECT id(n), n, 'system', 'a', id(1 + n % 1000), '', '' FROM generate_series(1, 5000) AS n;
INSERT INTO portcullis_outbox (id, at, recipient, event)
    SELECT id(n), n, '', '' FROM generate_series(1, 2000) AS n;

CREATE TABLE documents (
    id UUID PRIMARY KEY, client_id BIGINT, project_id TEXT COLLATE "C", created_at BIGINT NOT NULL
);
INSERT INTO documents
    SELECT i.key_uuid, k.key_int, c.key_text, i.created_at
    FROM portcullis_item AS i
    JOIN portcullis_client AS k ON k.id = i.client_id
    JOIN portcullis_container AS c ON c.id = i.container_id;
CREATE INDEX documents_by_client ON documents (client_id, created_at DESC, id DESC);
CREATE INDEX documents_by_time ON documents (created_at DESC, id DESC);
VACUUM ANALYZE;
