-- Verify mod_kuji:people on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT campaign_id, n, at, tenant_id, state FROM kuji.claim_step WHERE false;
SELECT campaign_id, n, updated_at, erased_at, version, tenant_id, data, tracking
  FROM kuji.claim_detail WHERE false;
SELECT tenant_id, digest, campaign_id, n FROM kuji.identifier WHERE false;
SELECT id, campaign_id, tenant_id, prize, warn_at, created_at FROM kuji.gift_pool WHERE false;
SELECT id, pool_id, campaign_id, n, changed_at, tenant_id, state, digest, sealed
  FROM kuji.gift_code WHERE false;
SELECT id, campaign_id, tenant_id, at, cause, draws, claims, tombstone FROM kuji.erasure WHERE false;

SELECT 1 / (count(*) = 6)::int
  FROM pg_catalog.pg_class
 WHERE oid IN ('kuji.claim_step'::regclass, 'kuji.claim_detail'::regclass, 'kuji.identifier'::regclass,
               'kuji.gift_pool'::regclass, 'kuji.gift_code'::regclass, 'kuji.erasure'::regclass)
   AND relrowsecurity AND relforcerowsecurity;
SELECT 1 / (count(*) = 2)::int
  FROM pg_catalog.pg_trigger WHERE tgname IN ('claim_guard', 'gift_code_guard');
SELECT pg_catalog.has_function_privilege('kuji_web', 'kuji_api.draw_at(bigint, bigint)', 'execute');

ROLLBACK;
