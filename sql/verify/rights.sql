-- Verify mod_kuji:rights on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT campaign_id, digest, tenant_id, kind, language, wording, purpose, created_at FROM kuji.consent_text WHERE false;
SELECT campaign_id, participant, digest, at, withdrawn_at, tenant_id, page FROM kuji.consent WHERE false;
SELECT campaign_id, tenant_id, next_n, draws, claims FROM kuji.retention WHERE false;

SELECT 1 / (NOT has_table_privilege('kuji_web', 'kuji.consent_text', 'UPDATE, DELETE, TRUNCATE'))::int;
SELECT 1 / (NOT has_table_privilege('kuji_web', 'kuji.consent', 'UPDATE, TRUNCATE'))::int;

ROLLBACK;
