-- Revert mod_kuji:exports from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.download_end;
DROP TABLE kuji.download;

COMMIT;
