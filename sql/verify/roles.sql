-- Verify mod_kuji:roles on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT 1 / (count(*) = 4)::int
  FROM pg_catalog.pg_roles
 WHERE rolname IN ('kuji_owner', 'kuji_web', 'kuji_read', 'kuji_lookup')
   AND NOT rolsuper
   AND rolcanlogin = (rolname = 'kuji_web')
   AND rolbypassrls = (rolname = 'kuji_lookup');

SELECT 1 / has_schema_privilege('kuji_web', 'kuji', 'USAGE')::int,
       1 / has_schema_privilege('kuji_web', 'kuji_api', 'USAGE')::int,
       1 / (NOT has_schema_privilege('kuji_web', 'kuji', 'CREATE'))::int;

ROLLBACK;
