-- member: a join from what was granted, in the order in which it is best read.
SELECT d.* FROM portcullis_membership AS m CROSS JOIN portcullis_container AS c
CROSS JOIN documents AS d CROSS JOIN portcullis_item AS i
WHERE m.user_id = :user AND (m.until IS NULL OR m.until > :now) AND c.id = m.container_id
  AND c.client_id = :client_id AND c.open = 1 AND d.project_id = c.key_int AND d.client_id = :client
  AND i.kind = :kind AND i.key_int = d.id AND i.container_id = c.id AND i.open = 1
  AND (i.path & c.closed) = 0
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
