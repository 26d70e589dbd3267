-- Deploy mod_kuji:version_2 to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- The console's tables are there: a module that needs them finds out here.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE OR REPLACE FUNCTION kuji_api.schema_version() RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN 2;

COMMIT;
