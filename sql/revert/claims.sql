-- Revert mod_kuji:claims from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.voided;
DROP TABLE kuji.claim;
DROP TABLE kuji.code;
DROP TABLE kuji.code_batch;
DROP DOMAIN kuji.claim_state;

COMMIT;
