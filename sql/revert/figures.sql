-- Revert mod_kuji:figures from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TRIGGER claim_counted ON kuji.claim;
DROP FUNCTION kuji_api.claim_counted();
DROP TABLE kuji.claim_count;
DROP TABLE kuji.traffic;
DROP TABLE kuji.mark;
ALTER TABLE kuji.prize DROP COLUMN returned;

COMMIT;
