-- The ids first, then the rows of those.
SELECT i.id, i.kind, i.key_int, i.container_id, i.client_id, i.parent_id, i.path, i.exposure,
       i.default_exposure, i.older, i.lifecycle, i.author_id, i.created_at, i.sort, i.open,
       c.kind, c.exposure, c.default_exposure, c.lifecycle, c.closed
FROM (
    WITH heads AS (
        SELECT c.id AS container_id, c.closed AS closed, c.kind AS kind, c.exposure AS exposure,
               c.default_exposure AS default_exposure, c.lifecycle AS lifecycle,
               (SELECT x.sort FROM portcullis_item AS x
                WHERE x.container_id = c.id AND x.kind = ?3 AND x.open = 1 AND (c.closed & x.path) = 0
                ORDER BY x.sort DESC LIMIT 1) AS at
        FROM portcullis_membership AS m CROSS JOIN portcullis_container AS c
        WHERE m.user_id = ?1 AND (m.until IS NULL OR m.until > ?4)
          AND c.id = m.container_id AND c.client_id = ?2 AND c.open = 1),
    cut AS (SELECT COALESCE((SELECT at FROM heads WHERE at IS NOT NULL
                             ORDER BY at DESC LIMIT 1 OFFSET 49), 0) AS at)
    SELECT i.id
    FROM (SELECT h.*, cut.at AS low FROM cut CROSS JOIN heads AS h
          WHERE h.at >= cut.at LIMIT 1000000) AS c
    CROSS JOIN portcullis_item AS i
    WHERE i.container_id = c.container_id AND i.kind = ?3 AND i.open = 1 AND (c.closed & i.path) = 0
      AND i.sort >= c.low
    ORDER BY i.sort DESC, i.id DESC LIMIT 50
) AS page
CROSS JOIN portcullis_item AS i CROSS JOIN portcullis_container AS c
WHERE i.id = page.id AND c.id = i.container_id
ORDER BY i.sort DESC, i.id DESC
