-- The batch's statements find their rows by the whole index, whatever the
-- statistics say: on tables that were never analysed, vacuumed while empty, or
-- analysed when all campaigns were small.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(36);

-- As the module's sessions are set up. No role is switched: the superuser's
-- plans would not differ but for row-level security, so it is on here too.
SELECT is(count(*), 4::bigint, 'kuji_web''s settings of this database')
  FROM pg_db_role_setting s, unnest(s.setconfig) one (setting),
       LATERAL set_config(split_part(one.setting, '=', 1), split_part(one.setting, '=', 2), true)
 WHERE s.setrole = 'kuji_web'::regrole
   AND s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND one.setting ~ '^(plan_cache_mode|enable_|jit|idle_in)';

\set keys `awk '/^-- :name/ { on = $3 == "draw_keys"; next } on && !/^--/' sql/queries/draw.sql`
\set participants `awk '/^-- :name/ { on = $3 == "draw_participants"; next } on && !/^--/' sql/queries/draw.sql`
\set codes `awk '/^-- :name/ { on = $3 == "draw_codes"; next } on && !/^--/' sql/queries/draw.sql`
\set change `awk '/^-- :name/ { on = $3 == "draw_change_participants"; next } on && !/^--/' sql/queries/draw.sql`
\set use `awk '/^-- :name/ { on = $3 == "draw_use_codes"; next } on && !/^--/' sql/queries/draw.sql`
\set links `awk '/^-- :name/ { on = $3 == "draw_links"; next } on && !/^--/' sql/queries/draw.sql`
\set use_links `awk '/^-- :name/ { on = $3 == "draw_use_links"; next } on && !/^--/' sql/queries/draw.sql`
\set mailed `awk '/^-- :name/ { on = $3 == "draw_add_claims_mailed"; next } on && !/^--/' sql/queries/draw.sql`
\set stored `awk '/^-- :name/ { on = $3 == "draw_stored"; next } on && !/^--/' sql/queries/draw.sql`

-- Statement, table, what its index condition must say.
CREATE TEMP TABLE statement (label text, sql text, cond text);
INSERT INTO statement VALUES
    ('draw_keys', :'keys', 'Index Cond: ((campaign_id = $1) AND (key = u.key))'),
    ('draw_participants', :'participants', 'Index Cond: ((campaign_id = $1) AND (digest = u.digest))'),
    ('draw_codes', :'codes', 'Index Cond: ((campaign_id = $1) AND (digest = u.digest))'),
    ('draw_change_participants', :'change', 'Conflict Arbiter Indexes: participant_pkey'),
    ('draw_use_codes', :'use', 'Index Cond: ((campaign_id = $1) AND (digest = u.digest))'),
    ('draw_links', :'links', 'Index Cond: ((campaign_id = $1) AND (digest = u.digest))'),
    ('draw_use_links', :'use_links', 'Index Cond: ((campaign_id = $1) AND (digest = u.digest))'),
    ('draw_add_claims_mailed', :'mailed', 'Index Cond: ((campaign_id = $1) AND (digest = w.participant))'),
    ('draw_stored: its draws', :'stored', 'Index Cond: ((campaign_id = $1) AND (n = g.n))'),
    ('draw_stored: their leaves', :'stored', 'Index Cond: ((campaign_id = $1) AND (i = draw.i))'),
    ('draw_stored: whose they are', :'stored', 'Index Cond: ((campaign_id = $1) AND (digest = draw.participant))');

-- The generic plan of a statement, as kuji_web gets it, one line a row.
CREATE FUNCTION pg_temp.explain(sql text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    nulls text;
BEGIN
    SET LOCAL ROLE kuji_web;
    EXECUTE 'PREPARE explained AS ' || sql;
    SELECT string_agg('NULL', ',') INTO nulls
      FROM pg_prepared_statements, unnest(parameter_types) WHERE name = 'explained';
    RETURN QUERY EXECUTE format('EXPLAIN (COSTS OFF) EXECUTE explained (%s)', nulls);
    DEALLOCATE explained;
    RESET ROLE;
END
$$;

CREATE FUNCTION pg_temp.check_plans(state text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    s   statement;
    plan text[];
BEGIN
    FOR s IN SELECT * FROM statement LOOP
        plan := ARRAY(SELECT trim(l) FROM pg_temp.explain(s.sql) l);
        RETURN NEXT ok(s.cond = ANY (plan)
                       AND 'Index Cond: (campaign_id = $1)' <> ALL (plan)
                       AND NOT EXISTS (SELECT FROM unnest(plan) l WHERE l ~ 'Seq Scan|Hash|Merge'),
                       s.label || ': ' || state);
        IF s.cond <> ALL (plan) THEN
            RETURN NEXT diag(array_to_string(plan, E'\n'));
        END IF;
    END LOOP;
END
$$;

-- How PostgreSQL sees a table: -1 rows is "never looked at".
CREATE FUNCTION pg_temp.pretend(tuples real) RETURNS bigint
LANGUAGE sql AS $$
    DELETE FROM pg_statistic WHERE starelid IN ('kuji.draw'::regclass, 'kuji.participant'::regclass,
                                                'kuji.code'::regclass, 'kuji.ledger'::regclass,
                                                'kuji.participant_mail'::regclass);
    WITH seen AS (
        UPDATE pg_class SET relpages = 0, reltuples = tuples
         WHERE oid IN ('kuji.draw'::regclass, 'kuji.participant'::regclass,
                       'kuji.code'::regclass, 'kuji.ledger'::regclass,
                                                'kuji.participant_mail'::regclass)
        RETURNING 1)
    SELECT count(*) FROM seen
$$;

SELECT is(pg_temp.pretend(-1), 5::bigint, 'tables never analysed');
SELECT pg_temp.check_plans('never analysed');

SELECT is(pg_temp.pretend(0), 5::bigint, 'tables vacuumed while empty');
SELECT pg_temp.check_plans('vacuumed while empty');

-- No campaign of these is there.
SET LOCAL session_replication_role = replica;
-- 400 campaigns of five draws: the next one is believed to be as small.
INSERT INTO kuji.draw (campaign_id, n, i, first_n, count, tenant_id, key, participant)
SELECT -c, n, n, n, 1, gen_random_uuid(), sha256((c || 'k' || n)::bytea), sha256((c || 'p' || n)::bytea)
  FROM generate_series(1, 400) c, generate_series(1, 5) n;
INSERT INTO kuji.participant (campaign_id, tenant_id, digest)
SELECT campaign_id, tenant_id, participant FROM kuji.draw WHERE campaign_id < 0;
INSERT INTO kuji.code (campaign_id, batch_id, uses_left, tenant_id, digest)
SELECT campaign_id, 1, 1, tenant_id, key FROM kuji.draw WHERE campaign_id < 0;
INSERT INTO kuji.ledger (campaign_id, i, tenant_id, leaf)
SELECT campaign_id, i, tenant_id, '{}' FROM kuji.draw WHERE campaign_id < 0;
INSERT INTO kuji.participant_mail (campaign_id, digest, tenant_id, verified_at, language, base, address)
SELECT campaign_id, substr(participant, 1, 16), tenant_id, 1, 'ja', 'https://host.test', participant || key
  FROM kuji.draw WHERE campaign_id < 0;
SET LOCAL session_replication_role = origin;
ANALYZE kuji.draw, kuji.participant, kuji.code, kuji.ledger, kuji.participant_mail;
SELECT pg_temp.check_plans('analysed when all campaigns were small');

SELECT finish();
ROLLBACK;
