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
-- Accounts.
-- :name account_list
SELECT a.id, a.login, a.role, a.disabled, a.created_at, a.last_login_at,
       (SELECT count(*) FROM kuji.admin_session s
         WHERE s.tenant_id = a.tenant_id AND s.admin_id = a.id
           AND s.created_at > kuji_api.now_ms() - 12 * 3600000
           AND s.seen_at > kuji_api.now_ms() - 2 * 3600000)
  FROM kuji.admin a
 WHERE a.tenant_id = $1::uuid AND a.removed_at IS NULL
   AND ($2::uuid IS NULL OR a.id = $2::uuid)
 ORDER BY a.login;
-- :name account_lock
SELECT FROM kuji.tenant WHERE id = $1::uuid FOR NO KEY UPDATE;
-- :name account_before
SELECT a.role, a.disabled,
       (SELECT count(*) FROM kuji.admin o
         WHERE o.tenant_id = a.tenant_id AND o.id <> a.id AND o.role = 'owner' AND NOT o.disabled)
  FROM kuji.admin a
 WHERE a.tenant_id = $1::uuid AND a.id = $2::uuid AND a.removed_at IS NULL;
-- :name account_change
UPDATE kuji.admin
   SET role = $3::text, disabled = $4::bool,
       removed_at = CASE WHEN $5::bool THEN kuji_api.now_ms() END
 WHERE tenant_id = $1::uuid AND id = $2::uuid;
-- :name account_password
UPDATE kuji.admin SET password_hash = $3::text
 WHERE tenant_id = $1::uuid AND id = $2::uuid AND NOT disabled;
-- Invitations.
-- :name invitation_replace
UPDATE kuji.admin_invitation SET revoked_at = kuji_api.now_ms()
 WHERE tenant_id = $1::uuid AND login = $2::text AND used_at IS NULL AND revoked_at IS NULL;
-- :name invitation_insert
INSERT INTO kuji.admin_invitation
       (tenant_id, login, role, admin_id, id, digest, invited_by, created_at, expires_at)
SELECT $1::uuid, $2::text, $3::text, $4::uuid, $5::uuid, $6::bytea, $7::uuid,
       kuji_api.now_ms(), kuji_api.now_ms() + 72 * 3600000
 WHERE CASE WHEN $4::uuid IS NULL
            THEN NOT EXISTS (SELECT FROM kuji.admin
                              WHERE tenant_id = $1::uuid AND login = $2::text AND removed_at IS NULL)
            ELSE EXISTS (SELECT FROM kuji.admin
                          WHERE tenant_id = $1::uuid AND id = $4::uuid AND login = $2::text AND NOT disabled)
       END;
-- :name invitation_list
SELECT i.id, i.login, i.role, i.admin_id, i.created_at, i.expires_at
  FROM kuji.admin_invitation i
  LEFT JOIN kuji.admin a ON a.tenant_id = i.tenant_id AND a.id = i.admin_id
 WHERE i.tenant_id = $1::uuid AND ($2::bytea IS NULL OR i.digest = $2::bytea)
   AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > kuji_api.now_ms()
   AND a.disabled IS NOT TRUE
 ORDER BY i.created_at DESC, i.id;
-- :name invitation_use
UPDATE kuji.admin_invitation SET used_at = kuji_api.now_ms()
 WHERE tenant_id = $1::uuid AND digest = $2::bytea
   AND used_at IS NULL AND revoked_at IS NULL AND expires_at > kuji_api.now_ms()
RETURNING id, login, role, admin_id, created_at, expires_at;
-- :name invitation_revoke
UPDATE kuji.admin_invitation SET revoked_at = kuji_api.now_ms()
 WHERE tenant_id = $1::uuid AND id = $2::uuid
   AND used_at IS NULL AND revoked_at IS NULL;
