-- Verify mod_kuji:payment_later on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT 1 / (count(*) = 2)::int FROM pg_constraint
 WHERE conrelid = 'kuji.payment'::regclass AND conname IN ('payment_right_paid', 'payment_paid_right') AND convalidated;
SELECT 1 / (pg_get_viewdef('kuji_api.flagged'::regclass) LIKE '%refunded%')::int;

ROLLBACK;
