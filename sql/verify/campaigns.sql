-- Verify mod_kuji:campaigns on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT id, tenant_id, uuid, slug, status, method, opens_at, closes_at, timezone, version, raffled_at,
       closed_at, next_n, size, last_t, blanks_left, day_draws, day, edge
  FROM kuji.campaign WHERE false;
SELECT campaign_id, tenant_id, config FROM kuji.campaign_config WHERE false;
SELECT campaign_id, tenant_id, bytes, hash FROM kuji.manifest WHERE false;
SELECT campaign_id, tenant_id, seed, key FROM kuji.campaign_secret WHERE false;
SELECT campaign_id, tenant_id, pos, code, kind, declared, added, units_left, awarded
  FROM kuji.prize WHERE false;

SELECT 1 / (count(*) = 5)::int
  FROM pg_catalog.pg_class
 WHERE oid IN ('kuji.campaign'::regclass, 'kuji.campaign_config'::regclass, 'kuji.manifest'::regclass,
               'kuji.campaign_secret'::regclass, 'kuji.prize'::regclass)
   AND relrowsecurity AND relforcerowsecurity;

ROLLBACK;
