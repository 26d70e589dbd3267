-- Revert mod_kuji:tenants from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.admin;
DROP TABLE kuji.token;
DROP TABLE kuji.tenant;

COMMIT;
