-- Verify mod_kuji:audit on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT tenant_id, seq, at, actor, action, object, detail, prev, hash FROM kuji.audit WHERE false;
SELECT kuji_api.audit_check(NULL);

SELECT 1 / (count(*) = 1)::int
  FROM pg_catalog.pg_trigger
 WHERE tgrelid = 'kuji.audit'::regclass AND tgname = 'audit_chain' AND tgenabled = 'O';
SELECT 1 / (NOT has_table_privilege('kuji_web', 'kuji.audit', 'UPDATE, DELETE, TRUNCATE'))::int;

ROLLBACK;
