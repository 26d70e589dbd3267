-- Rules of campaigns, manifests, secrets and prizes.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(44);
\ir lib/world.psql
SELECT set_config('kuji.tenant', :a, true) \g /dev/null
CREATE FUNCTION pg_temp.fails(sql text, state text, why text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE kuji_web;
    BEGIN
        EXECUTE sql;
        RESET ROLE;
        RETURN NEXT ok(false, why);
    EXCEPTION WHEN OTHERS THEN
        RESET ROLE;
        RETURN NEXT is(SQLSTATE::text, state, why);
    END;
END
$$;
-- The statement, as kuji_web; how many rows it changed.
CREATE FUNCTION pg_temp.does(sql text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    count bigint;
BEGIN
    SET LOCAL ROLE kuji_web;
    EXECUTE sql;
    GET DIAGNOSTICS count = ROW_COUNT;
    RESET ROLE;
    RETURN count;
END
$$;

-- Units.
SELECT pg_temp.fails('UPDATE kuji.prize SET units_left = units_left - 1, awarded = awarded + 1 WHERE pos = 0',
                     '23514', 'units do not go negative');
SELECT pg_temp.fails('UPDATE kuji.prize SET units_left = units_left + 2, awarded = awarded - 2 WHERE pos = 0',
                     '23514', 'nor do awards');
SELECT pg_temp.fails('UPDATE kuji.prize SET units_left = units_left - 1 WHERE pos = 1',
                     '23514', 'awarded + left = declared + added: left alone');
SELECT pg_temp.fails('UPDATE kuji.prize SET awarded = awarded + 1 WHERE pos = 1',
                     '23514', 'awarded alone');
SELECT pg_temp.fails('UPDATE kuji.prize SET added = added + 1 WHERE pos = 1',
                     '23514', 'added alone');
SELECT pg_temp.fails('UPDATE kuji.prize SET added = -1, units_left = units_left - 1 WHERE pos = 1',
                     '23514', 'stock is only added');
SELECT is(pg_temp.does('UPDATE kuji.prize SET units_left = units_left - 1, awarded = awarded + 1 WHERE pos = 1'),
          1::bigint, 'an award fits');
SELECT is(pg_temp.does('UPDATE kuji.prize SET added = added + 3, units_left = units_left + 3 WHERE pos = 1'),
          1::bigint, 'added stock fits');
SELECT is(pg_temp.does('UPDATE kuji.prize SET units_left = units_left + 1, awarded = awarded - 1 WHERE pos = 1'),
          1::bigint, 'a returned unit fits');
SELECT pg_temp.fails('INSERT INTO kuji.prize (campaign_id, tenant_id, pos, code, kind, declared, units_left)
                      SELECT campaign_id, tenant_id, 2, ''A'', kind, 1, 1 FROM kuji.prize LIMIT 1',
                     '23505', 'prize codes are unique');
SELECT pg_temp.fails('INSERT INTO kuji.prize (campaign_id, tenant_id, pos, code, kind, declared, units_left)
                      SELECT campaign_id, tenant_id, 2, ' || quote_literal(code) || ', kind, 1, 1 FROM kuji.prize LIMIT 1',
                     '23514', 'no prize is called "' || code || '"')
  FROM unnest(ARRAY['blank', '', 'a_b', repeat('x', 33)]) code;
SELECT pg_temp.fails('INSERT INTO kuji.prize (campaign_id, tenant_id, pos, code, kind, declared, units_left)
                      SELECT campaign_id, tenant_id, 2, ''C'', ''cash'', 1, 1 FROM kuji.prize LIMIT 1',
                     '23514', 'kinds of prize are known');
SELECT pg_temp.fails('INSERT INTO kuji.prize (campaign_id, tenant_id, pos, code, kind, declared, units_left)
                      SELECT campaign_id, tenant_id, 2, ''C'', kind, 0, 0 FROM kuji.prize LIMIT 1',
                     '23514', 'a prize has units');
SELECT pg_temp.fails(format('INSERT INTO kuji.prize (campaign_id, tenant_id, pos, code, kind, declared, units_left)
                      VALUES (%s, %L, 2, ''C'', ''link'', 1, 1)', :b_campaign, :a),
                     '23503', 'no prize for another tenant''s campaign');

-- Counters.
SELECT pg_temp.fails('UPDATE kuji.campaign SET blanks_left = -1', '23514', 'blanks do not go negative');
SELECT pg_temp.fails('UPDATE kuji.campaign SET next_n = 0', '23514', 'n starts with 1');
SELECT pg_temp.fails('UPDATE kuji.campaign SET next_n = 7', '23514', 'no more draws than leaves');
SELECT pg_temp.fails('UPDATE kuji.campaign SET edge = ''x''', '23514', 'the edge is whole hashes');
SELECT is(pg_temp.does('UPDATE kuji.campaign SET blanks_left = NULL, edge = sha256(''x'')'), 1::bigint,
          'what fits goes in');

-- What the manifest says is fixed.
SELECT pg_temp.fails('UPDATE kuji.campaign SET ' || change, '23000', 'published: not ' || change)
  FROM unnest(ARRAY['slug = ''other''', 'method = ''odds''', 'opens_at = 1', 'closes_at = 3000',
                    'timezone = ''UTC''']) change;
SELECT is(pg_temp.does('UPDATE kuji.campaign SET status = ''paused''')
          + pg_temp.does('UPDATE kuji.campaign SET status = ''published'''), 2::bigint, 'pause and go on');
SELECT pg_temp.fails('UPDATE kuji.campaign SET status = ''draft''', '23000', 'no way back to a draft');
SELECT pg_temp.fails('UPDATE kuji.campaign SET status = ''over''', '23514', 'states are known');
SELECT pg_temp.fails('UPDATE kuji.campaign SET status = ''closed''', '23514', 'closed says when');
SELECT pg_temp.fails('UPDATE kuji.campaign SET closed_at = 1', '23514', 'and only closed does');
SELECT is(pg_temp.does('DELETE FROM kuji.campaign') + pg_temp.does('DELETE FROM kuji.prize'), 0::bigint,
          'a published campaign is not deleted, nor are its prizes');
SELECT pg_temp.fails('INSERT INTO kuji.manifest SELECT * FROM kuji.manifest', '23505', 'one manifest a campaign');
SELECT throws_ok('UPDATE kuji.manifest SET bytes = ''{"a":1}''', '23514', NULL, 'the hash is the manifest''s');
SELECT throws_ok('UPDATE kuji.campaign_secret SET seed = sha256(''bare'')', '23514', NULL,
                 'a bare seed does not get in');

-- Drafts.
SELECT is(pg_temp.does(format('INSERT INTO kuji.campaign (tenant_id, uuid, slug, method, opens_at, closes_at, timezone)
                               VALUES (%L, gen_random_uuid(), ''winter'', ''odds'', 1, 2, ''Asia/Tokyo'')', :a)),
          1::bigint, 'a draft');
SELECT is(pg_temp.does($$INSERT INTO kuji.prize (campaign_id, tenant_id, pos, code, kind, declared, units_left)
                         SELECT id, tenant_id, 0, 'A', 'link', 1, 1 FROM kuji.campaign WHERE slug = 'winter'$$)
          + pg_temp.does($$INSERT INTO kuji.campaign_config
                           SELECT id, tenant_id, '{}' FROM kuji.campaign WHERE slug = 'winter'$$),
          2::bigint, 'with a prize and a configuration');
SELECT pg_temp.fails('INSERT INTO kuji.campaign (tenant_id, uuid, slug, method, opens_at, closes_at, timezone)
                      SELECT tenant_id, gen_random_uuid(), slug, method, 1, 2, timezone FROM kuji.campaign LIMIT 1',
                     '23505', 'one slug a tenant');
SELECT pg_temp.fails('UPDATE kuji.campaign SET slug = ''Bad Slug'' WHERE slug = ''winter''', '23514',
                     'slugs are plain');
SELECT pg_temp.fails('UPDATE kuji.campaign SET closes_at = opens_at WHERE slug = ''winter''', '23514',
                     'a period has a length');
SELECT is(pg_temp.does('UPDATE kuji.campaign SET slug = ''spring'', method = ''box'' WHERE slug = ''winter'''),
          1::bigint, 'a draft changes');
SELECT is(pg_temp.does('DELETE FROM kuji.campaign WHERE slug = ''spring'''), 1::bigint, 'a draft goes');
SELECT is(count(*), 0::bigint, 'and its rows with it')
  FROM kuji.prize p WHERE NOT EXISTS (SELECT FROM kuji.campaign c WHERE c.id = p.campaign_id);

SELECT finish();
ROLLBACK;
