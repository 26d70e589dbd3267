-- Verify mod_kuji:draws on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT campaign_id, i, tenant_id, leaf FROM kuji.ledger WHERE false;
SELECT campaign_id, idx, level, tenant_id, hash FROM kuji.ledger_node WHERE false;
SELECT campaign_id, n, i, first_n, prev_n, count, tenant_id, participant, key, body, code
  FROM kuji.draw WHERE false;
SELECT campaign_id, last_n, erased_at, draws, wins, day, day_draws, tenant_id, digest, salt
  FROM kuji.participant WHERE false;

SELECT 1 / (count(*) = 4)::int
  FROM pg_catalog.pg_class
 WHERE oid IN ('kuji.ledger'::regclass, 'kuji.ledger_node'::regclass, 'kuji.draw'::regclass,
               'kuji.participant'::regclass)
   AND relrowsecurity AND relforcerowsecurity;

SELECT 1 / (NOT has_table_privilege('kuji_web', 'kuji.ledger', 'UPDATE, DELETE, TRUNCATE'))::int;

ROLLBACK;
