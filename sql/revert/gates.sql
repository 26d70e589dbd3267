-- Revert mod_kuji:gates from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.flag;
DROP TABLE kuji.link_draw;
DROP TABLE kuji.link;
DROP TABLE kuji.passphrase;
ALTER TABLE kuji.code_batch DROP COLUMN checked;

COMMIT;
