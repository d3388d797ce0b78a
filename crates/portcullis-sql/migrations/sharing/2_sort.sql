-- The order of lists is a column of its own, so that a host whose lists have another order than the
-- time of creation can copy its own here, and no list reads more than its page.
--
-- DEFAULT because both databases want one for rows that are there; every insert names a value.
ALTER TABLE portcullis_item ADD COLUMN sort {int} NOT NULL DEFAULT 0;

UPDATE portcullis_item SET sort = created_at;

DROP INDEX portcullis_item_all;
DROP INDEX portcullis_item_all_open;
DROP INDEX portcullis_item_client;
DROP INDEX portcullis_item_client_open;
DROP INDEX portcullis_item_container;
DROP INDEX portcullis_item_container_open;

CREATE INDEX portcullis_item_all ON portcullis_item (kind, sort, id);
CREATE INDEX portcullis_item_all_open ON portcullis_item (kind, sort, id) WHERE open = 1;
CREATE INDEX portcullis_item_client
    ON portcullis_item (client_id, kind, sort, id, container_id, path);
CREATE INDEX portcullis_item_client_open
    ON portcullis_item (client_id, kind, sort, id, container_id, path, open) WHERE open = 1;
CREATE INDEX portcullis_item_container
    ON portcullis_item (container_id, kind, sort, id, path);
CREATE INDEX portcullis_item_container_open
    ON portcullis_item (container_id, kind, sort, id, path, open) WHERE open = 1;
