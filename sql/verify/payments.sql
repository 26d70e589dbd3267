-- Verify mod_kuji:payments on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT tenant_id, updated_at, version, config, secret FROM kuji.pay_settings WHERE false;
SELECT id, campaign_id, amount, created_at, changed_at, captured, refunded, asked_at, asked_amount, next_check_at,
       events, tries, draws, capture, mismatch, tenant_id, order_id, driver, currency, goods, state, asked,
       transaction_id, url, seller, participant, entry
  FROM kuji.payment WHERE false;
SELECT payment_id, seq, at, amount, captured, refunded, tenant_id, actor, what, state, answer, note
  FROM kuji.payment_event WHERE false;

SELECT 1 / (NOT has_table_privilege('kuji_web', 'kuji.payment_event', 'UPDATE, DELETE, TRUNCATE'))::int;
SELECT 1 / (NOT has_table_privilege('kuji_web', 'kuji.payment', 'DELETE, TRUNCATE'))::int;
SELECT 1 / has_column_privilege('kuji_web', 'kuji.link', 'expires_at', 'UPDATE')::int;
SELECT 1 / has_function_privilege('kuji_web', 'kuji_api.payment_due(bigint)', 'EXECUTE')::int;

ROLLBACK;
