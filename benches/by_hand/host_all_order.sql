-- staff of every client: the newest, each looked up.
SELECT d.* FROM documents AS d
WHERE NOT EXISTS (SELECT 1 FROM portcullis_item AS i
                  WHERE i.kind = :kind AND i.key_int = d.id AND (i.path & 0) <> 0 LIMIT 1 OFFSET 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
