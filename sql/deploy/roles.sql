-- Deploy mod_kuji:roles to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Roles belong to the cluster, not to the database: another installation in
-- the same cluster may have made them already.

BEGIN;

DO $$
DECLARE
    role record;
BEGIN
    FOR role IN
        SELECT *
          FROM (VALUES
            -- owns the tables; deployments run as it, nobody logs in as it
            ('kuji_owner', 'NOLOGIN'),
            -- the module and kujictl log in as it; row-level security binds it
            ('kuji_web', 'LOGIN'),
            -- reports: reads what is no secret, one tenant at a time
            ('kuji_read', 'NOLOGIN'),
            -- owns the few functions that are asked before a tenant is known;
            -- may read the columns these need and nothing else
            ('kuji_lookup', 'NOLOGIN BYPASSRLS')
          ) AS wanted (name, options)
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE',
                           role.name, role.options);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;   -- there already, or made by somebody else just now
        END;
    END LOOP;
END
$$;

-- Plans must not hang on statistics: a hot table grows from empty to millions
-- of rows faster than autovacuum looks at it, and a plan made for the empty
-- table would read the whole campaign in each batch. So look-ups are planned
-- once, without looking at the arrays, and never by reading a whole table where
-- an index fits (test/plans.sql). The session that forgets a transaction lets go of the
-- campaign's row after 10 s.
DO $$
DECLARE
    setting text;
BEGIN
    FOREACH setting IN ARRAY ARRAY[
        'plan_cache_mode = force_generic_plan',
        'enable_seqscan = off',
        'jit = off',
        'idle_in_transaction_session_timeout = ''10s''']
    LOOP
        EXECUTE format('ALTER ROLE kuji_web IN DATABASE %I SET %s',
                       current_database(), setting);
    END LOOP;
END
$$;

CREATE SCHEMA kuji AUTHORIZATION kuji_owner;
CREATE SCHEMA kuji_api AUTHORIZATION kuji_owner;
COMMENT ON SCHEMA kuji IS 'mod_kuji: tables. All times are ms since 1970-01-01 UTC.';
COMMENT ON SCHEMA kuji_api IS 'mod_kuji: functions.';

GRANT USAGE ON SCHEMA kuji, kuji_api TO kuji_web, kuji_read, kuji_lookup;

-- Functions are for those named, not for everybody.
ALTER DEFAULT PRIVILEGES FOR ROLE kuji_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

COMMIT;
