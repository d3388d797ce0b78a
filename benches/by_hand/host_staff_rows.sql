-- staff: the newest of all, each looked up.
SELECT d.* FROM documents AS d
WHERE EXISTS (
    SELECT 1 FROM portcullis_client AS k CROSS JOIN portcullis_affiliation AS a
    WHERE k.key_int = d.client_id AND a.user_id = :user AND a.client_id = k.id AND a.paused = 0
      AND (a.until IS NULL OR a.until > :now) LIMIT 1 OFFSET 0)
  AND NOT EXISTS (SELECT 1 FROM portcullis_item AS i
                  WHERE i.kind = :kind AND i.key_int = d.id AND (i.path & 0) <> 0 LIMIT 1 OFFSET 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
