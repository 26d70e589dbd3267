-- :name admin_insert
INSERT INTO kuji.admin (id, tenant_id, login, password_hash, role, created_at)
VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, kuji_api.now_ms())
ON CONFLICT DO NOTHING;
-- :name admin_find
SELECT id, login, role, password_hash
  FROM kuji.admin
 WHERE tenant_id = $1::uuid AND login = $2::text AND NOT disabled;
