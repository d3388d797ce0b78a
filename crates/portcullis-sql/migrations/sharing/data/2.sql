-- Rows of a store at sharing 2, for the test that later migrations keep them.
INSERT INTO portcullis_container
        (id, kind, key_int, key_uuid, key_text, client_id, name, sort_key, exposure,
        default_exposure, lifecycle, closed, created_at, open) VALUES
    ({id 51}, 0, NULL, NULL, NULL, {id 11}, '', '', 1, 1, 1, 0, 1600000000018, 1),
    ({id 52}, 1, 10, NULL, NULL, {id 11}, 'Website', 'website', 1, 2, 1, 2, 1600000000019, 1);
INSERT INTO portcullis_item
        (id, kind, key_int, key_uuid, key_text, container_id, client_id, parent_id, path, exposure,
        default_exposure, older, lifecycle, author_id, created_at, open, sort) VALUES
    ({id 61}, 1, NULL, NULL, 't-61', {id 52}, {id 11}, NULL, 2, 1, 0, 0, 1, {id 31}, 1600000000020, 1, 200),
    ({id 62}, 5, 62, NULL, NULL, {id 52}, {id 11}, {id 61}, 34, 0, 2, 1, 0, NULL, 1600000000021, 0, 100);
INSERT INTO portcullis_membership (user_id, container_id, source, until, approver, since) VALUES
    ({id 32}, {id 52}, 1, 1600000000022, 1, 1600000000023);
INSERT INTO portcullis_distribution (item_id, user_id) VALUES ({id 61}, {id 32});
INSERT INTO portcullis_default (noun, kind, default_exposure) VALUES (0, 2, 2), (1, 1, 1);
