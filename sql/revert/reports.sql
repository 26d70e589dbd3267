-- Revert mod_kuji:reports from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP FUNCTION kuji_api.figures_span(bigint);
DROP VIEW kuji_api.flagged;
DROP VIEW kuji_api.agreed;

COMMIT;
