-- Revert mod_kuji:theme from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.theme_preview;
DROP TABLE kuji.theme_current;
DROP TABLE kuji.theme;
DROP TABLE kuji.image;

COMMIT;
