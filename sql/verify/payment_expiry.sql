-- Verify mod_kuji:payment_expiry on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT expires_at FROM kuji.payment WHERE false;
SELECT expires_at FROM kuji_api.payment WHERE false;
SELECT 1 / has_column_privilege('kuji_web', 'kuji.payment', 'expires_at', 'UPDATE')::int;

ROLLBACK;
