-- Revert mod_kuji:people from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP POLICY closed ON kuji.participant;
REVOKE DELETE ON kuji.participant FROM kuji_web;
REVOKE UPDATE (body) ON kuji.draw FROM kuji_web;
DROP TRIGGER claim_guard ON kuji.claim;
DROP FUNCTION kuji_api.claim_guard();
DROP FUNCTION kuji_api.draw_at(bigint, bigint);
DROP TABLE kuji.erasure;
DROP TABLE kuji.gift_code;
DROP FUNCTION kuji_api.gift_code_guard();
DROP TABLE kuji.gift_pool;
DROP DOMAIN kuji.gift_state;
DROP TABLE kuji.identifier;
DROP TABLE kuji.claim_detail;
DROP TABLE kuji.claim_step;
DROP INDEX kuji.claim_state;

COMMIT;
