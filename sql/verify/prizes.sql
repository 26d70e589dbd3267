-- Verify mod_kuji:prizes on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT due_at FROM kuji.claim_detail WHERE false;
SELECT id, campaign_id, tenant_id, created_at, disabled, name, digest FROM kuji.shop WHERE false;
SELECT campaign_id, n, tenant_id, at, shop_id FROM kuji.redemption WHERE false;
SELECT campaign_id, n, tenant_id, tries, total, since FROM kuji.coupon_try WHERE false;
SELECT code, is_sample, prefecture, city, town FROM kuji.postal WHERE false;

SELECT 1 / (count(*) = 3)::int
  FROM pg_catalog.pg_class
 WHERE oid IN ('kuji.shop'::regclass, 'kuji.redemption'::regclass, 'kuji.coupon_try'::regclass)
   AND relrowsecurity AND relforcerowsecurity;
SELECT 1 / pg_catalog.has_table_privilege('kuji_web', 'kuji.postal', 'select, insert, delete')::int;

ROLLBACK;
