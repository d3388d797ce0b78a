-- Rows of a store at credentials 4, for the test that later migrations keep them.
INSERT INTO portcullis_account
        (user_id, name, name_key, password, directory, change_due, suspended_at, disabled_at,
        expires_in_days, expires_at, epoch, serial, counted, in_a_row, last_at, locked_until, created_at) VALUES
    ({id 31}, 'Ada', 'ada', '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA', 0, 1, 1600000000011, NULL, 7,
        1600604800011, 2, 9, 3, 3, 1600000000012, 1600000000013, 1600000000008);
INSERT INTO portcullis_token (user_id, purpose, id, digest, epoch, created_at, expires_at) VALUES
    ({id 31}, 'invitation', {id 71}, {bytes 71}, 2, 1600000000014, 1600000000015);
INSERT INTO portcullis_session (id, user_id, digest, epoch, created_at, seen_at) VALUES
    ({id 72}, {id 31}, {bytes 72}, 2, 1600000000016, 1600000000017);
INSERT INTO portcullis_factor (user_id, enforced, secret, pending, last_step) VALUES
    ({id 31}, 1, 'x1$k$c2VhbGVk', NULL, 53333333);
INSERT INTO portcullis_factor_tries (user_id, kind, serial, counted, in_a_row, last_at, locked_until) VALUES
    ({id 31}, 'totp', 9, 2, 2, 1600000000018, NULL);
INSERT INTO portcullis_recovery_code (user_id, digest) VALUES ({id 31}, {bytes 73});
INSERT INTO portcullis_rate (what, whose, spent_until) VALUES ('source', '10.0.0.1', 1600000000019);
INSERT INTO portcullis_former_password (user_id, password, replaced_at) VALUES
    ({id 31}, '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$b2xk', 1600000000009);
