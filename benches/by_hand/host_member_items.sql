-- member: the same by our items instead of the host's index.
SELECT d.* FROM portcullis_membership AS m CROSS JOIN portcullis_container AS c
CROSS JOIN portcullis_item AS i CROSS JOIN documents AS d
WHERE m.user_id = :user AND (m.until IS NULL OR m.until > :now) AND c.id = m.container_id
  AND c.client_id = :client_id AND c.open = 1 AND i.container_id = c.id AND i.kind = :kind
  AND i.open = 1 AND (i.path & c.closed) = 0 AND d.id = i.key_int AND d.client_id = :client
  AND d.project_id = c.key_int
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
