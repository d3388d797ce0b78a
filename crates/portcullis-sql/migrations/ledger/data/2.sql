-- Rows of a store at ledger 2, for the test that later migrations keep them.
UPDATE portcullis_meta SET policy_revision = 41, store_id = {id 1};
INSERT INTO portcullis_scope_revision (scope, revision) VALUES ({id 11}, 3);
INSERT INTO portcullis_audit (id, at, actor, action, client, target, detail) VALUES
    ({id 2}, 1600000000002, 'user:00000000-0000-0000-0000-000000000031', 'share', {id 11}, 'task 7', 'shown'),
    ({id 3}, 1600000000003, 'operator:setup', 'found', NULL, 'portal', '');
INSERT INTO portcullis_outbox (id, at, recipient, event, item, container, sealed) VALUES
    ({id 4}, 1600000000004, 'user:00000000-0000-0000-0000-000000000031', 'shared', {id 61}, {id 52}, NULL);
