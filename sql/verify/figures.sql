-- Verify mod_kuji:figures on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT returned FROM kuji.prize WHERE false;
SELECT campaign_id, draws, quarter, tenant_id, wins FROM kuji.mark WHERE false;
SELECT campaign_id, count, quarter, tenant_id, what FROM kuji.traffic WHERE false;
SELECT campaign_id, count, tenant_id, pos, state FROM kuji.claim_count WHERE false;

SELECT 1 / (count(*) = 3)::int
  FROM pg_catalog.pg_class
 WHERE oid IN ('kuji.mark'::regclass, 'kuji.traffic'::regclass, 'kuji.claim_count'::regclass)
   AND relrowsecurity AND relforcerowsecurity;

SELECT 1 / (count(*) = 1)::int
  FROM pg_catalog.pg_trigger
 WHERE tgrelid = 'kuji.claim'::regclass AND tgname = 'claim_counted' AND tgenabled = 'O';

ROLLBACK;
