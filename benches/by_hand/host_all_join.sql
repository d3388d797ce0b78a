-- staff of every client: as a join, the planner left alone.
SELECT d.* FROM documents AS d
LEFT JOIN portcullis_item AS i ON i.kind = :kind AND i.key_int = d.id AND (i.path & 0) <> 0
WHERE i.id IS NULL
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
