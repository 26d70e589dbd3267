-- Verify mod_kuji:version_2 on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT 1 / (kuji_api.schema_version() >= 2)::int;

ROLLBACK;
