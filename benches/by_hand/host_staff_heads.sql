-- staff: the newest of each client first; only the 50 clients with the newest are looked into.
WITH heads AS (
    SELECT k.id AS id, k.key_int AS client_id,
           (SELECT d.created_at FROM documents AS d
            WHERE d.client_id = k.key_int AND NOT EXISTS (
                SELECT 1 FROM portcullis_item AS i CROSS JOIN portcullis_container AS c
                WHERE i.kind = :kind AND i.key_int = d.id AND c.id = i.container_id
                  AND (i.client_id = k.id
                       AND CASE c.kind WHEN 0 THEN d.project_id IS NULL
                           ELSE c.key_int = d.project_id END) IS NOT TRUE LIMIT 1 OFFSET 0)
            ORDER BY d.created_at DESC, d.id DESC LIMIT 1) AS at
    FROM portcullis_affiliation AS a CROSS JOIN portcullis_client AS k
    WHERE a.user_id = :user AND a.paused = 0 AND (a.until IS NULL OR a.until > :now)
      AND k.id = a.client_id),
cut AS (SELECT COALESCE((SELECT at FROM heads WHERE at IS NOT NULL
                         ORDER BY at DESC LIMIT 1 OFFSET 49), 0) AS at)
SELECT d.* FROM (SELECT heads.id, heads.client_id, cut.at AS low FROM cut CROSS JOIN heads
                 WHERE heads.at >= cut.at LIMIT 1000000) AS h
CROSS JOIN documents AS d
WHERE d.client_id = h.client_id AND d.created_at >= h.low AND NOT EXISTS (
    SELECT 1 FROM portcullis_item AS i CROSS JOIN portcullis_container AS c
    WHERE i.kind = :kind AND i.key_int = d.id AND c.id = i.container_id
      AND (i.client_id = h.id
           AND CASE c.kind WHEN 0 THEN d.project_id IS NULL
               ELSE c.key_int = d.project_id END) IS NOT TRUE LIMIT 1 OFFSET 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
