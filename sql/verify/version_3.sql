-- Verify mod_kuji:version_3 on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT 1 / (kuji_api.schema_version() >= 3)::int;

ROLLBACK;
