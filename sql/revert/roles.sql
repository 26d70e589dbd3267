-- Revert mod_kuji:roles from pg
-- SPDX-License-Identifier: Apache-2.0
--
-- The roles stay: they belong to the cluster and may have a password, members
-- and other databases that need them.

BEGIN;

ALTER DEFAULT PRIVILEGES FOR ROLE kuji_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
DROP SCHEMA kuji_api;
DROP SCHEMA kuji;

DO $$
BEGIN
    EXECUTE format('ALTER ROLE kuji_web IN DATABASE %I RESET ALL', current_database());
END
$$;

COMMIT;
