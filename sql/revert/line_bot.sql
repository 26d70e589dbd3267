-- Revert mod_kuji:line_bot from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

ALTER TABLE kuji.line
    DROP CONSTRAINT line_no_bot_secret,
    DROP CONSTRAINT line_bot,
    DROP COLUMN bot_secret;

COMMIT;
