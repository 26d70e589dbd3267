-- Verify mod_kuji:came_back on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT campaign_id, n, at, tenant_id, reason FROM kuji.came_back WHERE false;
SELECT 1 / relforcerowsecurity::int FROM pg_catalog.pg_class WHERE oid = 'kuji.came_back'::regclass;

ROLLBACK;
