-- staff of every client: the same, our keys compared with the host's instead of the ids.
SELECT d.* FROM documents AS d
WHERE NOT EXISTS (
    SELECT 1 FROM portcullis_item AS i
    WHERE i.kind = :kind AND i.key_int = d.id
      AND (d.client_id = (SELECT k.key_int FROM portcullis_client AS k WHERE k.id = i.client_id)
           AND (SELECT CASE c.kind WHEN 0 THEN d.project_id IS NULL ELSE c.key_int = d.project_id END
                FROM portcullis_container AS c WHERE c.id = i.container_id)
          ) IS NOT TRUE LIMIT 1 OFFSET 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
