-- Row-level security: a tenant's transaction sees, writes and changes its own
-- rows only, also right after another tenant's on the same connection, also
-- through statements prepared back then.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1

-- The connection has been some other tenant's; the setting now reads ''.
BEGIN;
SELECT set_config('kuji.tenant', '00000000-0000-4000-8000-00000000000a', true) \g /dev/null
SET LOCAL ROLE kuji_web;
PREPARE hosts AS SELECT host FROM kuji.tenant;
PREPARE leaves AS SELECT DISTINCT tenant_id FROM kuji.ledger;
EXECUTE hosts \g /dev/null
EXECUTE leaves \g /dev/null
COMMIT;

BEGIN;
SELECT plan((9 + 7 * count(*))::int) FROM pg_class
 WHERE relnamespace = 'kuji'::regnamespace AND relkind IN ('r', 'p')
   AND relname <> 'postal';
SELECT is(current_setting('kuji.tenant', true), '', 'the setting did not outlive its transaction');
\ir lib/world.psql

-- Rows by table, as seen by a role under a tenant (NULL: none named).
CREATE FUNCTION pg_temp.seen(role text, tenant uuid) RETURNS TABLE (name text, own bigint, others bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('kuji.tenant', coalesce(tenant::text, ''), true);
    EXECUTE format('SET LOCAL ROLE %I', role);
    FOR name IN SELECT relname FROM pg_class
                 WHERE relnamespace = 'kuji'::regnamespace AND relkind IN ('r', 'p')
                   AND relname <> 'postal' ORDER BY 1
    LOOP
        EXECUTE format('SELECT count(*) FILTER (WHERE %1$s = $1), count(*) FILTER (WHERE %1$s IS DISTINCT FROM $1)
                          FROM kuji.%2$I', CASE name WHEN 'tenant' THEN 'id' ELSE 'tenant_id' END, name)
           INTO own, others USING tenant;
        RETURN NEXT;
    END LOOP;
    RESET ROLE;
END
$$;

SELECT ok(own > 0 AND others > 0, 'both tenants have rows: ' || name) FROM pg_temp.seen('postgres', :a);
SELECT ok(own > 0 AND others = 0, 'kuji_web sees a''s rows only: ' || name) FROM pg_temp.seen('kuji_web', :a);
SELECT ok(own > 0 AND others = 0, 'then b''s only: ' || name) FROM pg_temp.seen('kuji_web', :b);
SELECT ok(own = 0 AND others = 0, 'without a tenant nothing: ' || name) FROM pg_temp.seen('kuji_web', NULL);
SELECT ok(own > 0 AND others = 0, 'the owner is bound too: ' || name) FROM pg_temp.seen('kuji_owner', :a);

-- Statements prepared under another tenant.
SELECT set_config('kuji.tenant', :b, true) \g /dev/null
SET LOCAL ROLE kuji_web;
EXECUTE hosts \gset prepared_
EXECUTE leaves \gset prepared_
RESET ROLE;
SELECT is(:'prepared_host'::text, 'test-b.example', 'a prepared statement sees the tenant of now');
SELECT is(:'prepared_tenant_id'::uuid, :b::uuid, 'so does the next');

-- A setting of the session, not of the transaction, binds as well; nonsense is
-- an error and no way in.
SELECT set_config('kuji.tenant', 'nonsense', true) \g /dev/null
SET LOCAL ROLE kuji_web;
SELECT throws_ok('SELECT count(*) FROM kuji.ledger', '22P02', NULL, 'nonsense is no tenant');
RESET ROLE;

-- Writing another tenant's rows, or nobody's.
CREATE FUNCTION pg_temp.copies(tenant uuid, owner uuid) RETURNS TABLE (name text, outcome text)
LANGUAGE plpgsql AS $$
DECLARE
    columns text;
BEGIN
    PERFORM set_config('kuji.tenant', coalesce(tenant::text, ''), true);
    FOR name IN SELECT relname FROM pg_class
                 WHERE relnamespace = 'kuji'::regnamespace AND relkind IN ('r', 'p')
                   AND relname <> 'postal' ORDER BY 1
    LOOP
        SELECT string_agg(quote_ident(attname), ', ') INTO columns
          FROM pg_attribute
         WHERE attrelid = ('kuji.' || name)::regclass AND attnum > 0 AND attidentity = '' AND attgenerated = '';
        EXECUTE format('CREATE TEMP TABLE copy ON COMMIT DROP AS SELECT %s FROM kuji.%I WHERE %I = %L LIMIT 1',
                       columns, name, CASE name WHEN 'tenant' THEN 'id' ELSE 'tenant_id' END, owner);
        GRANT SELECT ON copy TO kuji_web;
        SET LOCAL ROLE kuji_web;
        BEGIN
            EXECUTE format('INSERT INTO kuji.%I (%s) SELECT %2$s FROM pg_temp.copy', name, columns);
            outcome := 'inserted';
        EXCEPTION WHEN insufficient_privilege THEN
            outcome := 'refused';
        END;
        RESET ROLE;
        DROP TABLE copy;
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT is(outcome, 'refused', 'a cannot write b''s rows: ' || name) FROM pg_temp.copies(:a, :b);
SELECT is(outcome, 'refused', 'nobody cannot write: ' || name) FROM pg_temp.copies(NULL, :b);

-- Changing and deleting what is not seen changes nothing.
CREATE FUNCTION pg_temp.changed(tenant uuid, sql text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    count bigint;
BEGIN
    PERFORM set_config('kuji.tenant', tenant::text, true);
    SET LOCAL ROLE kuji_web;
    EXECUTE sql;
    GET DIAGNOSTICS count = ROW_COUNT;
    RESET ROLE;
    RETURN count;
END
$$;
SELECT is(pg_temp.changed(:a, format(sql, :b)), 0::bigint, sql)
  FROM unnest(ARRAY['UPDATE kuji.tenant SET status = ''suspended'' WHERE id = %L',
                    'UPDATE kuji.campaign SET next_n = 9 WHERE tenant_id = %L',
                    'UPDATE kuji.code SET uses_left = 9 WHERE tenant_id = %L',
                    'DELETE FROM kuji.prize WHERE tenant_id = %L']) sql;
SELECT throws_ok(
    format($$SELECT pg_temp.changed(%L, 'UPDATE kuji.tenant SET id = ''%s''')$$, :a, :b),
    '42501', NULL, 'a tenant cannot become another');

SELECT finish();
ROLLBACK;
