-- member: the newest of each project first; only the 50 projects with the newest are looked into.
WITH heads AS (
    SELECT c.id AS id, c.key_int AS project_id, c.closed AS closed,
           (SELECT d.created_at FROM documents AS d
            WHERE d.project_id = c.key_int AND d.client_id = :client AND EXISTS (
                SELECT 1 FROM portcullis_item AS i
                WHERE i.kind = :kind AND i.key_int = d.id AND i.open = 1 AND i.container_id = c.id
                  AND (i.path & c.closed) = 0 LIMIT 1 OFFSET 0)
            ORDER BY d.created_at DESC, d.id DESC LIMIT 1) AS at
    FROM portcullis_membership AS m CROSS JOIN portcullis_container AS c
    WHERE m.user_id = :user AND (m.until IS NULL OR m.until > :now) AND c.id = m.container_id
      AND c.client_id = :client_id AND c.open = 1),
cut AS (SELECT COALESCE((SELECT at FROM heads WHERE at IS NOT NULL
                         ORDER BY at DESC LIMIT 1 OFFSET 49), 0) AS at)
SELECT d.* FROM (SELECT heads.id, heads.project_id, heads.closed, cut.at AS low
                 FROM cut CROSS JOIN heads WHERE heads.at >= cut.at LIMIT 1000000) AS h
CROSS JOIN documents AS d
WHERE d.project_id = h.project_id AND d.client_id = :client AND d.created_at >= h.low AND EXISTS (
    SELECT 1 FROM portcullis_item AS i
    WHERE i.kind = :kind AND i.key_int = d.id AND i.open = 1 AND i.container_id = h.id
      AND (i.path & h.closed) = 0 LIMIT 1 OFFSET 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
