-- Verify mod_kuji:version_4 on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT 1 / (kuji_api.schema_version() >= 4)::int;

ROLLBACK;
