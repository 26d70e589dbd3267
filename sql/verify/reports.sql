-- Verify mod_kuji:reports on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT campaign_id, participant, terms, marketing FROM kuji_api.agreed WHERE false;
SELECT campaign_id, n, words FROM kuji_api.flagged WHERE false;

SELECT 1 / (has_function_privilege('kuji_web', 'kuji_api.figures_span(bigint)', 'EXECUTE'))::int;

ROLLBACK;
