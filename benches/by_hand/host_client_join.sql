-- client: as most people would write it, the planner left alone.
SELECT d.* FROM documents AS d
JOIN portcullis_item AS i ON i.kind = :kind AND i.key_int = d.id AND i.client_id = :client_id
JOIN portcullis_container AS c ON c.id = i.container_id
WHERE d.client_id = :client AND i.open = 1 AND c.open = 1 AND (i.path & c.closed) = 0
  AND CASE c.kind WHEN 0 THEN d.project_id IS NULL ELSE c.key_int = d.project_id END
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
