-- Deploy mod_kuji:version_5 to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What late payments, parcels that come back and LINE's consents need is there: a
-- module that needs it finds out here.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE OR REPLACE FUNCTION kuji_api.schema_version() RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN 5;

COMMIT;
