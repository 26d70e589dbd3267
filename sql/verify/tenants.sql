-- Verify mod_kuji:tenants on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT id, name, host, title, data_key, status, created_at FROM kuji.tenant WHERE false;
SELECT id, tenant_id, name, digest, scopes, created_at, revoked_at FROM kuji.token WHERE false;
SELECT id, tenant_id, login, password_hash, role, disabled, created_at FROM kuji.admin WHERE false;

SELECT 1 / (count(*) = 3)::int
  FROM pg_catalog.pg_class
 WHERE oid IN ('kuji.tenant'::regclass, 'kuji.token'::regclass, 'kuji.admin'::regclass)
   AND relrowsecurity AND relforcerowsecurity;

ROLLBACK;
