-- Sessions of admins and their tries to log in. Two hours idle or twelve in
-- all, and a session is over.
-- :name admin_session_insert
INSERT INTO kuji.admin_session (digest, tenant_id, admin_id, created_at, seen_at)
SELECT $3::bytea, tenant_id, id, last_login_at, last_login_at
  FROM kuji.admin
 WHERE tenant_id = $1::uuid AND id = $2::uuid AND NOT disabled;
-- :name admin_session_find
SELECT a.id, a.login, a.role, s.seen_at < kuji_api.now_ms() - 60000
  FROM kuji.admin_session s
  JOIN kuji.admin a ON a.tenant_id = s.tenant_id AND a.id = s.admin_id
 WHERE s.tenant_id = $1::uuid AND s.digest = $2::bytea AND NOT a.disabled
   AND s.created_at > kuji_api.now_ms() - 12 * 3600000
   AND s.seen_at > kuji_api.now_ms() - 2 * 3600000;
-- :name admin_session_seen
UPDATE kuji.admin_session SET seen_at = kuji_api.now_ms()
 WHERE tenant_id = $1::uuid AND digest = $2::bytea;
-- :name admin_session_end
DELETE FROM kuji.admin_session WHERE tenant_id = $1::uuid AND digest = $2::bytea;
-- :name admin_session_end_all
DELETE FROM kuji.admin_session
 WHERE tenant_id = $1::uuid AND admin_id = $2::uuid
   AND ($3::bytea IS NULL OR digest <> $3::bytea);
-- :name admin_session_sweep
DELETE FROM kuji.admin_session
 WHERE tenant_id = $1::uuid
   AND (created_at <= kuji_api.now_ms() - 12 * 3600000
        OR seen_at <= kuji_api.now_ms() - 2 * 3600000);
-- :name login_try
SELECT kuji_api.login_try($1::uuid, $2::bytea, $3::bytea);
-- What succeeded was no wrong try: the account's count is gone, the address
-- has one less.
-- :name login_succeeded
WITH account AS (
    DELETE FROM kuji.login_try
     WHERE tenant_id = $1::uuid AND kind = 'account' AND subject = $2::bytea
), admin AS (
    UPDATE kuji.admin SET last_login_at = kuji_api.now_ms()
     WHERE tenant_id = $1::uuid AND id = $4::uuid
)
UPDATE kuji.login_try SET tries = greatest(tries - 1, 0), until = 0
 WHERE tenant_id = $1::uuid AND kind = 'address' AND subject = $3::bytea;
-- :name login_sweep
DELETE FROM kuji.login_try
 WHERE tenant_id = $1::uuid AND since < kuji_api.now_ms() - 86400000
   AND until < kuji_api.now_ms();
