-- Rows of a store at access 1, for the test that later migrations keep them.
INSERT INTO portcullis_portal (id, active, first_activated_at, licensed) VALUES (1, 1, 1600000000005, 3);
INSERT INTO portcullis_kind (number, name) VALUES (62, 'drawing');
INSERT INTO portcullis_client
        (id, key_int, key_uuid, key_text, name, sort_key, light, closed, main_contact, created_at) VALUES
    ({id 11}, 7, NULL, NULL, 'ACME', 'acme', 1, 4, {id 21}, 1600000000006),
    ({id 12}, NULL, {id 13}, NULL, 'Birch', 'birch', 0, 0, NULL, 1600000000007);
INSERT INTO portcullis_contact
        (id, client_id, key_int, key_uuid, key_text, name, sort_key, email, phone) VALUES
    ({id 21}, {id 11}, NULL, NULL, 'c-21', 'Bob', 'bob', 'bob@acme.example', '+1 555');
INSERT INTO portcullis_user
        (id, key_int, key_uuid, key_text, kind, name, email, contact_id, every_client, reach, rights,
        removed, created_at) VALUES
    ({id 31}, 31, NULL, NULL, 0, 'Ada', 'ada@provider.example', NULL, 1, 63, 'tasks.view users.manage', 0, 1600000000008),
    ({id 32}, NULL, NULL, NULL, 1, 'Bob', NULL, {id 21}, 0, 1, '', 1, 1600000000009);
INSERT INTO portcullis_affiliation (user_id, client_id, rights, paused, until) VALUES
    ({id 32}, {id 11}, 'documents.view', 1, 1600000000010);
INSERT INTO portcullis_role (id, name, rights) VALUES ({id 41}, 'Reader', 'documents.view tasks.view');
INSERT INTO portcullis_user_role (user_id, role_id) VALUES ({id 31}, {id 41});
INSERT INTO portcullis_affiliation_role (user_id, client_id, role_id) VALUES ({id 32}, {id 11}, {id 41});
