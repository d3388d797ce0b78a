-- client: our list first, which holds what is open alone, with the project of each.
SELECT d.* FROM documents AS d
WHERE d.client_id = :client AND (d.id, COALESCE(d.project_id, -1)) IN (
    SELECT i.key_int, CASE c.kind WHEN 0 THEN -1 ELSE c.key_int END
    FROM portcullis_item AS i CROSS JOIN portcullis_container AS c
    WHERE i.client_id = :client_id AND i.kind = :kind AND i.open = 1 AND c.id = i.container_id
      AND c.open = 1 AND (i.path & c.closed) = 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
