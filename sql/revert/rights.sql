-- Revert mod_kuji:rights from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.retention;
DROP TABLE kuji.consent;
DROP TABLE kuji.consent_text;

COMMIT;
