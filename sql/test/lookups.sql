-- The look-ups before a tenant is known: what they tell, whom, and that nobody
-- can slip them other tables, functions or operators.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(31);
\ir lib/world.psql
CREATE FUNCTION pg_temp.as_role(role text, sql text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('kuji.tenant', '', true);
    EXECUTE format('SET LOCAL ROLE %I', role);
    RETURN QUERY EXECUTE sql;
    RESET ROLE;
EXCEPTION WHEN insufficient_privilege THEN
    RETURN NEXT 'refused';
END
$$;
CREATE FUNCTION pg_temp.web(sql text) RETURNS text
LANGUAGE sql AS $$ SELECT string_agg(r, ';') FROM pg_temp.as_role('kuji_web', sql) r $$;

-- Tenants.
SELECT is(pg_temp.web('SELECT concat_ws('','', id, name, host, title, status, data_key = ' ||
                      quote_literal(pg_temp.sealed(0)) || ') FROM kuji_api.tenant_by_name(''test-a'')'),
          :a || ',test-a,test-a.example,Tenant test-a,active,t', 'a tenant by name');
SELECT is(pg_temp.web('SELECT name FROM kuji_api.tenant_by_name(' || quote_nullable(n) || ')'), NULL,
          'no tenant by the name of ' || quote_nullable(n))
  FROM unnest(ARRAY['', 'test-c', 'TEST-A', 'test-a '' OR true', '%', NULL]) n;
SELECT is(pg_temp.web('SELECT name FROM kuji_api.tenants() WHERE name ~ ''^test-[ab]$'''), 'test-a;test-b',
          'all tenants, for the jobs');

-- Tokens.
SELECT is(pg_temp.web('SELECT concat_ws('','', tenant_id, scopes) FROM kuji_api.token(sha256(''test-a''))'),
          :a || ',{read,draw}', 'a token by its digest');
SELECT is(pg_temp.web('SELECT ''x'' FROM kuji_api.token(' || quote_nullable(d) || ')'), NULL, 'no such token')
  FROM unnest(ARRAY[sha256('test-c'), ''::bytea, NULL]) d;
UPDATE kuji.tenant SET status = 'suspended' WHERE id = :b;
SELECT is(pg_temp.web('SELECT ''x'' FROM kuji_api.token(sha256(''test-b''))'), NULL, 'none of a suspended tenant');
UPDATE kuji.token SET revoked_at = 1 WHERE tenant_id = :a;
SELECT is(pg_temp.web('SELECT ''x'' FROM kuji_api.token(sha256(''test-a''))'), NULL, 'none that was revoked');

-- Campaigns to close: published or paused, closes_at <= at.
CREATE FUNCTION pg_temp.due(at bigint) RETURNS text
LANGUAGE sql AS $$
    SELECT pg_temp.web('SELECT concat_ws('','', id, tenant_id, slug, method) FROM kuji_api.due_campaigns(' || at
                       || ') WHERE tenant_id::text ~ ''0000000000[ab]$''')
$$;
SELECT is(pg_temp.due(1999), NULL, 'not before its time');
UPDATE kuji.campaign SET status = 'paused' WHERE id = :b_campaign;
SELECT is(pg_temp.due(2000), :'a_campaign' || ',' || :a || ',summer,box;' || :'b_campaign' || ',' || :b || ',summer,box',
          'every tenant''s, paused ones too');
UPDATE kuji.campaign SET status = 'closed', closed_at = 1 WHERE id = :a_campaign;
SELECT is(pg_temp.due(2000), :'b_campaign' || ',' || :b || ',summer,box', 'not what is closed');
INSERT INTO kuji.campaign (tenant_id, uuid, slug, method, opens_at, closes_at, timezone)
VALUES (:a, gen_random_uuid(), 'draft', 'odds', 1, 2, 'Asia/Tokyo');
SELECT is(pg_temp.due(2000), :'b_campaign' || ',' || :b || ',summer,box', 'nor drafts');

-- The clock.
SELECT cmp_ok(abs(kuji_api.now_ms() - floor(extract(epoch FROM clock_timestamp()) * 1000)), '<=', 1000::numeric,
              'now_ms is the clock, in ms');
SELECT isnt(kuji_api.now_ms(), (SELECT kuji_api.now_ms() FROM pg_sleep(0.01)), 'also within a transaction');

-- Who may ask.
SELECT is((SELECT string_agg(r, ';') FROM pg_temp.as_role('kuji_read', sql) r), 'refused', 'kuji_read: ' || sql)
  FROM unnest(ARRAY['SELECT name FROM kuji_api.tenant_by_name(''test-a'')',
                    'SELECT name FROM kuji_api.tenants()',
                    'SELECT ''x'' FROM kuji_api.token(sha256(''test-a''))',
                    'SELECT slug::text FROM kuji_api.due_campaigns(9)']) sql;
SELECT is((SELECT string_agg(r, ';') FROM pg_temp.as_role('kuji_lookup', 'SELECT seed::text FROM kuji.campaign_secret') r),
          'refused', 'kuji_lookup reads no secret');

-- Schemas, tables, functions and operators of somebody else's come first on
-- the caller's path; the functions do not see them.
CREATE SCHEMA evil;
CREATE FUNCTION evil.lie(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.lie);
CREATE FUNCTION evil.lie(bytea, bytea) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR evil.= (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = evil.lie);
CREATE FUNCTION evil.lie(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR evil.<= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.lie);
CREATE FUNCTION evil.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT '\x00'::bytea $$;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
SET LOCAL search_path = evil, pg_catalog, public;
-- Asked on that path; pgTAP itself would be fooled by it.
SELECT (SELECT count(*) FROM kuji_api.tenant_by_name('test-x')) AS tenants,
       (SELECT count(*) FROM kuji_api.token('\x01')) AS tokens,
       (SELECT count(*) FROM kuji_api.due_campaigns(-1)) AS due,
       (SELECT length(kuji_api.audit_hash(a)) FROM kuji.audit a LIMIT 1) AS hashed \gset evil_
SELECT 'x'::text = 'y'::text AS fooled \gset evil_
RESET search_path;
SELECT is(:'evil_fooled'::text, 't', 'the path is evil');
SELECT is(:evil_tenants, 0, 'tenant_by_name keeps to its own');
SELECT is(:evil_tokens, 0, 'token keeps to its own');
SELECT is(:evil_due, 0, 'due_campaigns keeps to its own');
SELECT is(:evil_hashed, 32, 'audit_hash keeps to its own');
CREATE TEMP TABLE tenant (id uuid, name text);
SELECT is(count(*), 2::bigint, 'a temporary table shadows nothing')
  FROM kuji_api.tenants() WHERE name ~ '^test-[ab]$';

SELECT finish();
ROLLBACK;
