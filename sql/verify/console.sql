-- Verify mod_kuji:console on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT archived_at FROM kuji.campaign_config WHERE false;
SELECT spent FROM kuji.code_batch WHERE false;

SELECT 1 / (has_column_privilege('kuji_web', 'kuji.campaign_config', 'archived_at', 'UPDATE')
            AND has_column_privilege('kuji_web', 'kuji.code_batch', 'spent', 'UPDATE'))::int;

ROLLBACK;
