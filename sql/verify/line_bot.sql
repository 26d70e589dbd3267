-- Verify mod_kuji:line_bot on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT bot_secret FROM kuji.line WHERE false;

ROLLBACK;
