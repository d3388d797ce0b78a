-- Somebody who reaches every project of one client: the client's newest, tested one by one.
SELECT i.id, i.kind, i.key_int, i.container_id, i.client_id, i.parent_id, i.path, i.exposure,
       i.default_exposure, i.older, i.lifecycle, i.author_id, i.created_at, i.sort, i.open,
       c.kind, c.exposure, c.default_exposure, c.lifecycle, c.closed
FROM portcullis_item AS i CROSS JOIN portcullis_container AS c
WHERE c.id = i.container_id AND i.client_id = ?2 AND i.kind = ?3 AND i.open = 1
  AND c.open = 1 AND (c.closed & i.path) = 0 AND ?1 IS NOT NULL AND ?4 IS NOT NULL
ORDER BY i.sort DESC, i.id DESC LIMIT 50
