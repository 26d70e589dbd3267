-- What the catalogue says of every table and function, those to come included.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(19);

SELECT cmp_ok(count(*), '>=', 17::bigint, 'the tables are there')
  FROM pg_class WHERE relnamespace = 'kuji'::regnamespace AND relkind IN ('r', 'p');

SELECT is_empty(
    $$SELECT oid::regclass FROM pg_class
       WHERE relnamespace IN ('kuji'::regnamespace, 'kuji_api'::regnamespace)
         AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)
         AND relname <> 'postal'$$,
    'row-level security is on and forced on every table but Japan Post''s list');

SELECT is_empty(
    $$SELECT c.oid::regclass
        FROM pg_class c
       WHERE c.relnamespace = 'kuji'::regnamespace AND c.relkind IN ('r', 'p')
         AND c.relname <> 'postal'
         AND (SELECT count(*) FROM pg_policy p
               WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'
                 AND pg_get_expr(p.polqual, c.oid) ~
                     '^\((tenant_id|id) = \( SELECT \(NULLIF\(current_setting\(''kuji.tenant''::text, true\), ''''::text\)\)::uuid AS "nullif"\)\)$'
                 AND p.polwithcheck IS NULL) <> 1$$,
    'every table has the tenant''s policy, for reading and writing alike');

SELECT is_empty(
    $$SELECT p.polrelid::regclass, p.polname FROM pg_policy p
       WHERE p.polpermissive AND p.polname <> 'tenant'$$,
    'no other policy lets anybody in');

SELECT is_empty(
    $$SELECT c.oid::regclass FROM pg_class c
       WHERE c.relnamespace IN ('kuji'::regnamespace, 'kuji_api'::regnamespace)
         AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relowner <> 'kuji_owner'::regrole$$,
    'kuji_owner owns every table');
SELECT is_empty(
    $$SELECT c.oid::regclass FROM pg_class c
       WHERE c.relnamespace IN ('kuji'::regnamespace, 'kuji_api'::regnamespace)
         AND c.relkind IN ('v', 'm')
         AND NOT coalesce(c.reloptions, '{}') @> ARRAY['security_invoker=true']$$,
    'no view looks past row-level security');

-- Functions.
SELECT is_empty(
    $$SELECT oid::regprocedure FROM pg_proc
       WHERE pronamespace IN ('kuji'::regnamespace, 'kuji_api'::regnamespace)
         AND NOT coalesce(proconfig, '{}') @> ARRAY['search_path=pg_catalog, pg_temp']$$,
    'every function has a fixed search_path, pg_temp last');
SELECT is_empty(
    $$SELECT oid::regprocedure FROM pg_proc
       WHERE pronamespace IN ('kuji'::regnamespace, 'kuji_api'::regnamespace)
         AND prosecdef AND proowner <> 'kuji_lookup'::regrole$$,
    'SECURITY DEFINER functions belong to kuji_lookup');
SELECT is_empty(
    $$SELECT oid::regprocedure FROM pg_proc
       WHERE proowner = 'kuji_lookup'::regrole AND NOT prosecdef$$,
    'and kuji_lookup owns nothing else');
SELECT set_eq(
    $$SELECT proname::text FROM pg_proc WHERE proowner = 'kuji_lookup'::regrole$$,
    ARRAY['tenant_by_name', 'tenants', 'token', 'due_campaigns', 'mail_due', 'mail_waits',
          'outbox_due', 'outbox_waits', 'payment_due'],
    'these are all of them');
SELECT is_empty(
    $$SELECT p.oid::regprocedure
        FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
       WHERE p.pronamespace IN ('kuji'::regnamespace, 'kuji_api'::regnamespace) AND a.grantee = 0$$,
    'no function is everybody''s');
SELECT is_empty(
    $$SELECT c.oid::regclass
        FROM pg_class c, aclexplode(c.relacl) a
       WHERE c.relnamespace = 'kuji'::regnamespace AND a.grantee = 0$$,
    'no table is everybody''s');

-- Roles.
SELECT is_empty(
    $$SELECT rolname FROM pg_roles
       WHERE rolname IN ('kuji_owner', 'kuji_web', 'kuji_read', 'kuji_lookup')
         AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication)$$,
    'no role of ours is more than it must be');
SELECT set_eq(
    $$SELECT rolname::text FROM pg_roles WHERE rolname ~ '^kuji_' AND rolbypassrls$$,
    ARRAY['kuji_lookup'], 'only kuji_lookup sees all tenants');
SELECT is_empty(
    $$SELECT roleid::regrole FROM pg_auth_members
       WHERE member IN ('kuji_web'::regrole, 'kuji_read'::regrole)$$,
    'kuji_web and kuji_read are members of nothing');

-- The hot tables stay cheap.
SELECT is_empty(
    $$SELECT conrelid::regclass, conname FROM pg_constraint
       WHERE conrelid IN ('kuji.ledger'::regclass, 'kuji.draw'::regclass, 'kuji.participant'::regclass,
                          'kuji.ledger_node'::regclass)
         AND contype <> 'p'$$,
    'hot tables: no foreign key, no CHECK');
SELECT is_empty(
    $$SELECT tgrelid::regclass, tgname FROM pg_trigger
       WHERE tgrelid IN ('kuji.ledger'::regclass, 'kuji.draw'::regclass, 'kuji.participant'::regclass,
                         'kuji.ledger_node'::regclass, 'kuji.prize'::regclass)
         AND NOT tgisinternal$$,
    'hot tables: no trigger');
SELECT is_empty(
    $$SELECT a.attrelid::regclass, a.attname
        FROM pg_index x, unnest(x.indkey) k (attnum), pg_attribute a
       WHERE a.attrelid = x.indrelid AND a.attnum = k.attnum
         AND (x.indrelid = 'kuji.campaign'::regclass
              AND a.attname IN ('next_n', 'size', 'edge', 'last_t', 'blanks_left', 'day', 'day_draws')
              OR x.indrelid = 'kuji.prize'::regclass AND a.attname IN ('units_left', 'awarded', 'added'))$$,
    'what a batch changes is in no index: its updates are HOT');
SELECT is(kuji_api.schema_version(), 5, 'schema version');

SELECT finish();
ROLLBACK;
