-- Revert mod_kuji:access from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP FUNCTION kuji_api.login_try(uuid, bytea, bytea);
DROP TABLE kuji.login_try;
DROP TABLE kuji.admin_invitation;
DROP TABLE kuji.admin_session;
DROP TRIGGER admin_last_owner ON kuji.admin;
DROP FUNCTION kuji_api.admin_last_owner();
DROP INDEX kuji.admin_login;
-- Logins of removed admins may be in use again.
UPDATE kuji.admin SET login = 'removed:' || id WHERE removed_at IS NOT NULL;
ALTER TABLE kuji.admin
    DROP CONSTRAINT admin_removed_is_disabled,
    DROP CONSTRAINT admin_of_tenant,
    DROP COLUMN last_login_at,
    DROP COLUMN removed_at,
    ADD CONSTRAINT admin_tenant_id_login_key UNIQUE (tenant_id, login);

COMMIT;
