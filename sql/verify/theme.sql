-- Verify mod_kuji:theme on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT tenant_id, hash, type, width, height, bytes, created_at FROM kuji.image WHERE false;
SELECT campaign_id, tenant_id, version, doc, logo, visual, sheet, actor, created_at FROM kuji.theme WHERE false;
SELECT campaign_id, tenant_id, version FROM kuji.theme_current WHERE false;
SELECT campaign_id, tenant_id, actor, doc, sheet, created_at FROM kuji.theme_preview WHERE false;

SELECT 1 / (NOT has_table_privilege('kuji_web', 'kuji.image', 'UPDATE, DELETE, TRUNCATE'))::int;
SELECT 1 / (NOT has_table_privilege('kuji_web', 'kuji.theme', 'UPDATE, DELETE, TRUNCATE'))::int;

ROLLBACK;
