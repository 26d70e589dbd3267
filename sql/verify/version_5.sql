-- Verify mod_kuji:version_5 on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT 1 / (kuji_api.schema_version() >= 5)::int;

ROLLBACK;
