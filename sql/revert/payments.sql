-- Revert mod_kuji:payments from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP FUNCTION kuji_api.payment_due(bigint);
DROP VIEW kuji_api.payment;
REVOKE UPDATE (expires_at) ON kuji.link FROM kuji_web;
DROP TABLE kuji.payment_event;
DROP TABLE kuji.payment;
DROP FUNCTION kuji_api.payment_guard();
DROP TABLE kuji.pay_settings;
DROP DOMAIN kuji.pay_call;
DROP DOMAIN kuji.pay_state;

COMMIT;
