-- The top 50 of each granted project, then the top 50 of those.
SELECT i.id, i.kind, i.key_int, i.container_id, i.client_id, i.parent_id, i.path, i.exposure,
       i.default_exposure, i.older, i.lifecycle, i.author_id, i.created_at, i.sort, i.open,
       c.kind, c.exposure, c.default_exposure, c.lifecycle, c.closed
FROM portcullis_membership AS m CROSS JOIN portcullis_container AS c CROSS JOIN portcullis_item AS i
WHERE m.user_id = ?1 AND (m.until IS NULL OR m.until > ?4)
  AND c.id = m.container_id AND c.client_id = ?2 AND c.open = 1
  AND i.id IN (SELECT x.id FROM portcullis_item AS x
               WHERE x.container_id = c.id AND x.kind = ?3 AND x.open = 1
                 AND (c.closed & x.path) = 0
               ORDER BY x.sort DESC, x.id DESC LIMIT 50)
ORDER BY i.sort DESC, i.id DESC LIMIT 50
