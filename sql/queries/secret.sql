-- :name secret_tenant
SELECT data_key FROM kuji.tenant WHERE id = $1::uuid;
-- :name secret_seed
SELECT seed FROM kuji.campaign_secret WHERE campaign_id = $1::int8;
-- :name secret_insert
INSERT INTO kuji.campaign_secret (campaign_id, tenant_id, seed, key)
VALUES ($1::int8, $2::uuid, $3::bytea, $4::bytea);
