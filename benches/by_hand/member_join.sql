-- Somebody who was let into some projects: a join, the planner left alone.
SELECT i.id, i.kind, i.key_int, i.container_id, i.client_id, i.parent_id, i.path, i.exposure,
       i.default_exposure, i.older, i.lifecycle, i.author_id, i.created_at, i.sort, i.open,
       c.kind, c.exposure, c.default_exposure, c.lifecycle, c.closed
FROM portcullis_membership AS m
JOIN portcullis_container AS c ON c.id = m.container_id
JOIN portcullis_item AS i ON i.container_id = c.id
WHERE m.user_id = ?1 AND (m.until IS NULL OR m.until > ?4)
  AND c.client_id = ?2 AND i.kind = ?3 AND i.open = 1 AND c.open = 1 AND (c.closed & i.path) = 0
ORDER BY i.sort DESC, i.id DESC LIMIT 50
