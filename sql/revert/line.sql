-- Revert mod_kuji:line from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.participant_line;
DROP TABLE kuji.line;

COMMIT;
