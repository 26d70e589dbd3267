-- Revert mod_kuji:version_5 from pg
-- SPDX-License-Identifier: Apache-2.0
--
-- The version before it.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE OR REPLACE FUNCTION kuji_api.schema_version() RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN 4;

COMMIT;
