-- What LIFF's pages have shown us already (store/liff.c).
-- :name liff_sweep
DELETE FROM kuji.liff_shown
 WHERE tenant_id = $1::uuid AND expires_at < kuji_api.now_ms();
-- :name liff_once
INSERT INTO kuji.liff_shown (tenant_id, digest, browser, expires_at)
VALUES ($1::uuid, $2::bytea, $3::bytea, $4::int8)
ON CONFLICT DO NOTHING;
-- :name liff_token
INSERT INTO kuji.liff_shown (tenant_id, digest, browser, expires_at)
VALUES ($1::uuid, $2::bytea, $3::bytea, $4::int8)
ON CONFLICT (tenant_id, digest)
DO UPDATE SET expires_at = excluded.expires_at
        WHERE kuji.liff_shown.browser = excluded.browser;
