-- member: the client's newest, each looked up: quick where the newest are granted.
SELECT d.* FROM documents AS d
WHERE d.client_id = :client AND EXISTS (
    SELECT 1 FROM portcullis_item AS i CROSS JOIN portcullis_container AS c
    CROSS JOIN portcullis_membership AS m
    WHERE i.kind = :kind AND i.key_int = d.id AND i.open = 1 AND i.client_id = :client_id
      AND c.id = i.container_id AND c.key_int = d.project_id AND c.open = 1
      AND (i.path & c.closed) = 0 AND m.container_id = c.id AND m.user_id = :user AND (m.until IS NULL OR m.until > :now) LIMIT 1 OFFSET 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
