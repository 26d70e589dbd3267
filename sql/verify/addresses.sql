-- Verify mod_kuji:addresses on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT address FROM kuji.audit WHERE false;
SELECT 1 / has_function_privilege('kuji_web', 'kuji_api.audit_append(text, text, text, jsonb, text)', 'EXECUTE')::int;

ROLLBACK;
