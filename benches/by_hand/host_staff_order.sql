-- staff: the newest of all, each client looked up among theirs, which are read once.
SELECT d.* FROM documents AS d
WHERE (d.client_id IN (
    SELECT k.key_int FROM portcullis_affiliation AS a CROSS JOIN portcullis_client AS k
    WHERE a.user_id = :user AND a.paused = 0 AND (a.until IS NULL OR a.until > :now)
      AND k.id = a.client_id)) IS TRUE
  AND NOT EXISTS (
    SELECT 1 FROM portcullis_item AS i CROSS JOIN portcullis_container AS c
    WHERE i.kind = :kind AND i.key_int = d.id AND c.id = i.container_id
      AND (i.client_id = (SELECT k.id FROM portcullis_client AS k WHERE k.key_int = d.client_id)
           AND CASE c.kind WHEN 0 THEN d.project_id IS NULL ELSE c.key_int = d.project_id END
          ) IS NOT TRUE LIMIT 1 OFFSET 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
