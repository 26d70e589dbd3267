-- :name tenant_insert
INSERT INTO kuji.tenant (id, name, host, title, data_key, created_at)
VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::bytea, kuji_api.now_ms())
ON CONFLICT DO NOTHING;
-- :name tenant_by_name
SELECT id, name, host, title, status, data_key
  FROM kuji_api.tenant_by_name($1::text);
-- :name tenant_all
SELECT id, name FROM kuji_api.tenants();
-- :name tenant_lock
SELECT data_key FROM kuji.tenant WHERE id = $1::uuid FOR NO KEY UPDATE;
-- :name tenant_reseal
UPDATE kuji.tenant SET data_key = $2::bytea WHERE id = $1::uuid;
