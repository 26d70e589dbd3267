-- A tenant's settings for LINE, and participants who came by it
-- (store/line.c).
-- :name line_get
SELECT version, config, secret, bot_secret, updated_at FROM kuji.line
 WHERE tenant_id = $1::uuid;
-- :name line_lock
SELECT version, config, secret, bot_secret FROM kuji.line
 WHERE tenant_id = $1::uuid
   FOR UPDATE;
-- :name line_add
INSERT INTO kuji.line (tenant_id, updated_at, version, config, secret, bot_secret)
VALUES ($1::uuid, kuji_api.now_ms(), 1, $2::jsonb, $3::bytea, $4::bytea)
ON CONFLICT DO NOTHING;
-- :name line_change
UPDATE kuji.line
   SET updated_at = kuji_api.now_ms(), version = version + 1,
       config = $2::jsonb, secret = $3::bytea, bot_secret = $4::bytea
 WHERE tenant_id = $1::uuid;
-- :name line_person_put
INSERT INTO kuji.participant_line
       (campaign_id, digest, tenant_id, verified_at, is_friend, person)
VALUES ($1::int8, $2::bytea, $3::uuid, kuji_api.now_ms(), $4::bool, $5::bytea)
ON CONFLICT (campaign_id, digest)
DO UPDATE SET verified_at = excluded.verified_at,
              is_friend = coalesce(excluded.is_friend,
                                   kuji.participant_line.is_friend),
              person = excluded.person;
