-- The ids of all_order alone: what is left to do is to read them, and what may be done with each.
SELECT i.id
FROM portcullis_item AS i CROSS JOIN portcullis_container AS c
WHERE c.id = i.container_id AND i.client_id = ?2 AND i.kind = ?3 AND i.open = 1
  AND c.open = 1 AND (c.closed & i.path) = 0 AND ?1 IS NOT NULL AND ?4 IS NOT NULL
ORDER BY i.sort DESC, i.id DESC LIMIT 50
