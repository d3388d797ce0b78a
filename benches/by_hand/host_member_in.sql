-- member: the projects first, then each row is looked up.
SELECT d.* FROM documents AS d
WHERE d.client_id = :client AND d.project_id IN (
    SELECT c.key_int FROM portcullis_membership AS m CROSS JOIN portcullis_container AS c
    WHERE m.user_id = :user AND (m.until IS NULL OR m.until > :now) AND c.id = m.container_id
      AND c.client_id = :client_id AND c.open = 1)
  AND EXISTS (
    SELECT 1 FROM portcullis_item AS i CROSS JOIN portcullis_container AS c
    WHERE i.kind = :kind AND i.key_int = d.id AND i.open = 1 AND c.id = i.container_id
      AND c.key_int = d.project_id AND (i.path & c.closed) = 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
