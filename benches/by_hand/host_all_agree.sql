-- staff of every client: the same, and the client is the one we know, as the rule asks.
SELECT d.* FROM documents AS d
WHERE NOT EXISTS (SELECT 1 FROM portcullis_item AS i CROSS JOIN portcullis_client AS k
                  WHERE i.kind = :kind AND i.key_int = d.id AND k.id = i.client_id
                    AND ((i.path & 0) <> 0 OR k.key_int <> d.client_id) LIMIT 1 OFFSET 0)
ORDER BY d.created_at DESC, d.id DESC LIMIT 50
