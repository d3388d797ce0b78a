-- client: the client's newest, each looked up; nothing of it may be made a join.
SELECT d.* FROM documents AS d
WHERE d.client_id = :client AND EXISTS (
    SELECT 1 FROM portcullis_item AS i CROSS JOIN portcullis_container AS c
    WHERE i.kind = :kind AND i.key_int = d.id AND i.open = 1 AND i.client_id = :client_id
      AND c.id = i.container_id AND c.open = 1 AND (i.path & c.closed) = 0
      AND CASE c.kind WHEN 0 THEN d.project_id IS NULL ELSE c.key_int = d.project_id END LIMIT 1 OFFSET 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
