-- :name token_insert
INSERT INTO kuji.token (tenant_id, name, digest, scopes, created_at)
VALUES ($1::uuid, $2::text, $3::bytea, $4::text[], kuji_api.now_ms())
RETURNING id;
-- :name token_revoke
UPDATE kuji.token SET revoked_at = kuji_api.now_ms()
 WHERE tenant_id = $1::uuid AND id = $2::int8 AND revoked_at IS NULL
RETURNING name;
-- :name token_list
SELECT id, name, array_to_string(scopes, ','), created_at, revoked_at
  FROM kuji.token WHERE tenant_id = $1::uuid ORDER BY id;
