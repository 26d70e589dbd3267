-- Verify mod_kuji:access on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT last_login_at, removed_at FROM kuji.admin WHERE false;
SELECT digest, tenant_id, admin_id, created_at, seen_at FROM kuji.admin_session WHERE false;
SELECT id, tenant_id, digest, login, role, admin_id, invited_by, created_at, expires_at, used_at, revoked_at
  FROM kuji.admin_invitation WHERE false;
SELECT tenant_id, kind, subject, tries, since, until FROM kuji.login_try WHERE false;
SELECT 'kuji_api.login_try(uuid, bytea, bytea)'::regprocedure;

SELECT 1 / (count(*) = 3)::int
  FROM pg_catalog.pg_class
 WHERE oid IN ('kuji.admin_session'::regclass, 'kuji.admin_invitation'::regclass, 'kuji.login_try'::regclass)
   AND relrowsecurity AND relforcerowsecurity;

ROLLBACK;
