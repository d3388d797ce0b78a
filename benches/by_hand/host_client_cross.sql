-- client: the same joins in the order in which they are best read.
SELECT d.* FROM documents AS d CROSS JOIN portcullis_item AS i CROSS JOIN portcullis_container AS c
WHERE d.client_id = :client AND i.kind = :kind AND i.key_int = d.id AND i.open = 1
  AND i.client_id = :client_id AND c.id = i.container_id AND c.open = 1 AND (i.path & c.closed) = 0
  AND CASE c.kind WHEN 0 THEN d.project_id IS NULL ELSE c.key_int = d.project_id END
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
