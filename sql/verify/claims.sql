-- Verify mod_kuji:claims on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT id, campaign_id, tenant_id, name, size, uses, disabled, created_at
  FROM kuji.code_batch WHERE false;
SELECT campaign_id, batch_id, uses_left, tenant_id, digest FROM kuji.code WHERE false;
SELECT campaign_id, n, updated_at, pos, tenant_id, state FROM kuji.claim WHERE false;
SELECT campaign_id, n, i, returned, tenant_id, note FROM kuji.voided WHERE false;

SELECT 1 / (count(*) = 4)::int
  FROM pg_catalog.pg_class
 WHERE oid IN ('kuji.code_batch'::regclass, 'kuji.code'::regclass, 'kuji.claim'::regclass,
               'kuji.voided'::regclass)
   AND relrowsecurity AND relforcerowsecurity;

ROLLBACK;
