-- Images of a tenant's (store/image.c).
-- :name image_full
SELECT count(*) >= $2::int8 FROM kuji.image WHERE tenant_id = $1::uuid;
-- :name image_add
INSERT INTO kuji.image (tenant_id, hash, type, width, height, bytes, created_at)
VALUES ($1::uuid, $2::bytea, $3::text, $4::int8, $5::int8, $6::bytea,
        kuji_api.now_ms())
ON CONFLICT DO NOTHING;
-- :name image_has
SELECT EXISTS (SELECT FROM kuji.image
                WHERE tenant_id = $1::uuid AND hash = $2::bytea);
-- :name image_bytes
SELECT bytes FROM kuji.image
 WHERE tenant_id = $1::uuid AND hash = $2::bytea AND type = $3::text;
-- :name image_list
SELECT encode(hash, 'hex') || '.' || type, width, height, octet_length(bytes),
       created_at
  FROM kuji.image
 WHERE tenant_id = $1::uuid
 ORDER BY created_at DESC, hash
 LIMIT $2::int8 OFFSET $3::int8;
-- :name image_missing
SELECT u.name
  FROM unnest($2::text[]) AS u (name)
 WHERE NOT EXISTS (SELECT FROM kuji.image AS i
                    WHERE i.tenant_id = $1::uuid
                      AND i.hash = decode(left(u.name, 64), 'hex')
                      AND i.type = substr(u.name, 66))
 LIMIT 1;
