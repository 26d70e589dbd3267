-- Verify mod_kuji:line on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT tenant_id, updated_at, version, config, secret FROM kuji.line WHERE false;
SELECT campaign_id, digest, tenant_id, verified_at, is_friend, person FROM kuji.participant_line WHERE false;

SELECT 1 / (NOT has_table_privilege('kuji_web', 'kuji.line', 'DELETE, TRUNCATE'))::int;

ROLLBACK;
