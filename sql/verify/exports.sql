-- Verify mod_kuji:exports on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT id, tenant_id, at, actor, address, what, campaign_id, slug, filter, format, encoding
  FROM kuji.download WHERE false;
SELECT download_id, tenant_id, at, outcome, rows, bytes, sha256, replaced, replaced_row
  FROM kuji.download_end WHERE false;

SELECT 1 / (count(*) = 2)::int
  FROM pg_catalog.pg_class
 WHERE oid IN ('kuji.download'::regclass, 'kuji.download_end'::regclass)
   AND relrowsecurity AND relforcerowsecurity;
SELECT 1 / (NOT has_any_column_privilege('kuji_web', 'kuji.download', 'UPDATE')
            AND NOT has_table_privilege('kuji_web', 'kuji.download_end', 'DELETE'))::int;

ROLLBACK;
