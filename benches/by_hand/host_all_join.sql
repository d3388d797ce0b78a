-- staff of every client: as joins, the planner left alone.
SELECT d.* FROM documents AS d
LEFT JOIN portcullis_item AS i ON i.kind = :kind AND i.key_int = d.id
LEFT JOIN portcullis_container AS c ON c.id = i.container_id
LEFT JOIN portcullis_client AS k ON k.id = i.client_id
WHERE i.id IS NULL OR (k.key_int = d.client_id
  AND CASE c.kind WHEN 0 THEN d.project_id IS NULL ELSE c.key_int = d.project_id END)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
