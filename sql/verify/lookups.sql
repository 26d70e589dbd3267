-- Verify mod_kuji:lookups on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT 1 / (kuji_api.schema_version() >= 1)::int;
SELECT 1 / (kuji_api.now_ms() > 0)::int;
SELECT * FROM kuji_api.tenant_by_name('') WHERE false;
SELECT * FROM kuji_api.tenants() WHERE false;
SELECT * FROM kuji_api.token('') WHERE false;
SELECT * FROM kuji_api.due_campaigns(0) WHERE false;

SELECT 1 / (count(*) = 4)::int
  FROM pg_catalog.pg_proc
 WHERE pronamespace = 'kuji_api'::regnamespace AND prosecdef
   AND proname IN ('tenant_by_name', 'tenants', 'token', 'due_campaigns')
   AND proowner = 'kuji_lookup'::regrole AND proconfig IS NOT NULL;

ROLLBACK;
