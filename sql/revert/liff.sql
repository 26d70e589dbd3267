-- Revert mod_kuji:liff from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.liff_shown;

COMMIT;
