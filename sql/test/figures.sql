-- Marks and traffic become hours and days of a campaign's time zone; claims are
-- counted as they change.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(24);
\ir lib/world.psql
SET LOCAL timezone = 'Asia/Tokyo';

\set days `awk '/^-- :name/ { on = $3 == "figures_days"; next } on && !/^--/' sql/queries/figures.sql`
\set hours `awk '/^-- :name/ { on = $3 == "figures_hours"; next } on && !/^--/' sql/queries/figures.sql`
\set mark `awk '/^-- :name/ { on = $3 == "figures_mark"; next } on && !/^--/' sql/queries/figures.sql`
CREATE FUNCTION pg_temp.days(bigint, bigint)
RETURNS TABLE (at bigint, draws bigint, wins bigint, visits bigint, refused bigint)
LANGUAGE sql AS :'days';
CREATE FUNCTION pg_temp.hours(bigint, bigint)
RETURNS TABLE (at bigint, draws bigint, wins bigint, visits bigint, refused bigint)
LANGUAGE sql AS :'hours';
CREATE FUNCTION pg_temp.make_mark(bigint, bigint) RETURNS void LANGUAGE sql AS :'mark';

-- A campaign in that zone that is over (its period was in 1970). Before those
-- times its counters stood like that; at the end they stand as the last ones.
CREATE FUNCTION pg_temp.lived(name text, zone text, at text[], draws bigint[], wins bigint[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    tenant uuid   := '00000000-0000-4000-8000-00000000000a';
    cid    bigint := pg_temp.campaign(tenant, name);
    ends   int    := cardinality(draws);
BEGIN
    DELETE FROM kuji.mark WHERE campaign_id = cid;
    DELETE FROM kuji.traffic WHERE campaign_id = cid;
    ALTER TABLE kuji.campaign DISABLE TRIGGER campaign_guard;
    UPDATE kuji.campaign SET timezone = zone, next_n = draws[ends] + 1, size = draws[ends] + 1 WHERE id = cid;
    ALTER TABLE kuji.campaign ENABLE TRIGGER campaign_guard;
    UPDATE kuji.prize SET declared = 1000000, units_left = 1000000 - wins[ends], awarded = wins[ends]
     WHERE campaign_id = cid AND pos = 0;
    INSERT INTO kuji.mark (campaign_id, quarter, tenant_id, draws, wins)
    SELECT cid, extract(epoch FROM u.at::timestamptz) / 900, tenant, u.draws,
           CASE WHEN u.draws = 0 THEN '{}'::bigint[] ELSE ARRAY[u.wins, 0] END
      FROM unnest(at, draws, wins) AS u (at, draws, wins) WHERE u.at IS NOT NULL;
    RETURN cid;
END
$$;
CREATE FUNCTION pg_temp.visited(cid bigint, at text, what text, count bigint) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO kuji.traffic (campaign_id, count, quarter, tenant_id, what)
    VALUES (cid, count, extract(epoch FROM at::timestamptz) / 900,
            '00000000-0000-4000-8000-00000000000a', what)
$$;
-- As people of the zone read it, and how long until the next one.
CREATE FUNCTION pg_temp.told(what text, cid bigint, spans bigint DEFAULT 100) RETURNS SETOF text
LANGUAGE sql AS $$
    SELECT format('%s %s draws %s wins %s visits %s refused',
                  to_char(to_timestamp(s.at / 1000) AT TIME ZONE c.timezone, 'MM-DD HH24:MI'),
                  s.draws, s.wins, s.visits, s.refused)
      FROM kuji.campaign c,
           LATERAL (SELECT * FROM pg_temp.days(cid, spans) WHERE what = 'days'
                    UNION ALL
                    SELECT * FROM pg_temp.hours(cid, spans) WHERE what = 'hours') s
     WHERE c.id = cid ORDER BY s.at
$$;

SELECT pg_temp.lived('tokyo', 'Asia/Tokyo',
    ARRAY['2026-11-21 23:30+09', '2026-11-21 23:45+09', '2026-11-22 00:00+09', '2026-11-24 12:15+09', NULL],
    ARRAY[0, 3, 10, 12, 20], ARRAY[0, 1, 1, 2, 5]) AS tokyo \gset
SELECT results_eq(format('SELECT pg_temp.told(%L, %s)', 'days', :tokyo),
    ARRAY['11-21 00:00 10 draws 1 wins 0 visits 0 refused',
          '11-22 00:00 2 draws 1 wins 0 visits 0 refused',
          '11-23 00:00 0 draws 0 wins 0 visits 0 refused',
          '11-24 00:00 8 draws 3 wins 0 visits 0 refused'],
    'days: differences of marks, midnight belongs to the day it begins, no gap');
SELECT is((SELECT sum(draws) || ' ' || sum(wins) FROM pg_temp.days(:tokyo, 100)), '20 5', 'all there is');
SELECT results_eq(format('SELECT pg_temp.told(%L, %s, 2)', 'days', :tokyo),
    ARRAY['11-23 00:00 0 draws 0 wins 0 visits 0 refused',
          '11-24 00:00 8 draws 3 wins 0 visits 0 refused'], 'the last two');
SELECT results_eq(format('SELECT pg_temp.told(%L, %s) LIMIT 2', 'hours', :tokyo),
    ARRAY['11-21 23:00 10 draws 1 wins 0 visits 0 refused',
          '11-22 00:00 2 draws 1 wins 0 visits 0 refused'], 'hours join their quarters');
SELECT is((SELECT count(*) FROM pg_temp.hours(:tokyo, 100)), 62::bigint, 'each hour until the last one');
SELECT results_eq(format('SELECT pg_temp.told(%L, %s, 3)', 'hours', :tokyo),
    ARRAY['11-24 10:00 0 draws 0 wins 0 visits 0 refused',
          '11-24 11:00 0 draws 0 wins 0 visits 0 refused',
          '11-24 12:00 8 draws 3 wins 0 visits 0 refused'], 'the last three');

-- Traffic alone makes spans too.
SELECT pg_temp.visited(:tokyo, '2026-11-20 10:00+09', 'visit', 7),
       pg_temp.visited(:tokyo, '2026-11-22 00:00+09', 'visit', 2),
       pg_temp.visited(:tokyo, '2026-11-22 00:15+09', 'limit-reached', 3),
       pg_temp.visited(:tokyo, '2026-11-22 23:45+09', 'code-used', 4) \g /dev/null
SELECT results_eq(format('SELECT pg_temp.told(%L, %s) LIMIT 3', 'days', :tokyo),
    ARRAY['11-20 00:00 0 draws 0 wins 7 visits 0 refused',
          '11-21 00:00 10 draws 1 wins 0 visits 0 refused',
          '11-22 00:00 2 draws 1 wins 2 visits 7 refused'], 'with visits and refusals');

-- What a void gave back was won all the same.
UPDATE kuji.prize SET awarded = 3, units_left = units_left + 2, returned = 2
 WHERE campaign_id = :tokyo AND pos = 0;
SELECT is((SELECT sum(wins) FROM pg_temp.days(:tokyo, 100)), 5::numeric, 'returned units were won');

-- Half an hour beside UTC.
SELECT pg_temp.lived('delhi', 'Asia/Kolkata',
    ARRAY['2026-11-21 23:45+05:30', '2026-11-22 00:00+05:30', NULL], ARRAY[0, 4, 9], ARRAY[0, 0, 0]) AS delhi \gset
SELECT results_eq(format('SELECT pg_temp.told(%L, %s)', 'days', :delhi),
    ARRAY['11-21 00:00 4 draws 0 wins 0 visits 0 refused',
          '11-22 00:00 5 draws 0 wins 0 visits 0 refused'], 'days of a zone of half hours');
SELECT results_eq(format('SELECT pg_temp.told(%L, %s)', 'hours', :delhi),
    ARRAY['11-21 23:00 4 draws 0 wins 0 visits 0 refused',
          '11-22 00:00 5 draws 0 wins 0 visits 0 refused'], 'and its hours');
SELECT pg_temp.lived('nepal', 'Asia/Kathmandu',
    ARRAY['2026-11-21 23:45+05:45', '2026-11-22 00:00+05:45', NULL], ARRAY[0, 4, 9], ARRAY[0, 0, 0]) AS nepal \gset
SELECT results_eq(format('SELECT pg_temp.told(%L, %s)', 'days', :nepal),
    ARRAY['11-21 00:00 4 draws 0 wins 0 visits 0 refused',
          '11-22 00:00 5 draws 0 wins 0 visits 0 refused'], 'of quarters');

-- Clocks set back: 1 November 2026 has 25 hours in New York.
SELECT pg_temp.lived('york', 'America/New_York',
    ARRAY['2026-11-01 00:00-04', '2026-11-01 01:15-04', '2026-11-01 01:15-05', '2026-11-01 23:45-05',
          '2026-11-02 00:00-05', NULL], ARRAY[0, 1, 3, 6, 10, 15], ARRAY[0, 0, 0, 0, 0, 0]) AS york \gset
SELECT results_eq(format('SELECT pg_temp.told(%L, %s)', 'days', :york),
    ARRAY['11-01 00:00 10 draws 0 wins 0 visits 0 refused',
          '11-02 00:00 5 draws 0 wins 0 visits 0 refused'], 'a day of 25 hours');
SELECT results_eq(format('SELECT pg_temp.told(%L, %s) LIMIT 4', 'hours', :york),
    ARRAY['11-01 00:00 1 draws 0 wins 0 visits 0 refused',
          '11-01 01:00 2 draws 0 wins 0 visits 0 refused',
          '11-01 01:00 3 draws 0 wins 0 visits 0 refused',
          '11-01 02:00 0 draws 0 wins 0 visits 0 refused'], 'one of them twice');
SELECT is((SELECT count(*) FROM pg_temp.hours(:york, 100)), 26::bigint, '25 and the next day''s first');
-- And forward, at midnight: 8 March 2026 in Havana begins at 01:00.
SELECT pg_temp.lived('havana', 'America/Havana',
    ARRAY['2026-03-07 23:45-05', '2026-03-08 01:00-04', '2026-03-09 00:00-04', NULL],
    ARRAY[0, 2, 5, 9], ARRAY[0, 0, 0, 0]) AS havana \gset
SELECT results_eq(format('SELECT pg_temp.told(%L, %s)', 'days', :havana),
    ARRAY['03-07 00:00 2 draws 0 wins 0 visits 0 refused',
          '03-08 01:00 3 draws 0 wins 0 visits 0 refused',
          '03-09 00:00 4 draws 0 wins 0 visits 0 refused'], 'a day without midnight');

-- Nothing yet, and not over yet.
SELECT pg_temp.lived('none', 'Asia/Tokyo', ARRAY[NULL]::text[], ARRAY[0], ARRAY[0]) AS none \gset
SELECT is_empty(format('SELECT pg_temp.told(%L, %s)', 'days', :none), 'nothing: no day');
SELECT is_empty(format('SELECT pg_temp.told(%L, %s)', 'hours', :none), 'nor an hour');
ALTER TABLE kuji.campaign DISABLE TRIGGER campaign_guard;
UPDATE kuji.campaign SET closes_at = 4102444800000 WHERE id = :delhi;
INSERT INTO kuji.mark (campaign_id, quarter, tenant_id, draws, wins)
SELECT :delhi, extract(epoch FROM now() - interval '2 days') / 900, :a, 9, '{0,0}';
SELECT is((SELECT (to_timestamp(max(at) / 1000) AT TIME ZONE 'Asia/Kolkata')::date FROM pg_temp.days(:delhi, 9)),
          (now() AT TIME ZONE 'Asia/Kolkata')::date, 'an open campaign''s last day is today');
SELECT is((SELECT to_timestamp(max(at) / 1000) FROM pg_temp.hours(:delhi, 9)),
          date_trunc('hour', now(), 'Asia/Kolkata'), 'and its last hour this one');

-- A mark is made once, and none of a draft.
SELECT set_config('kuji.tenant', :a, true) \g /dev/null
SELECT pg_temp.make_mark(:tokyo, 7), pg_temp.make_mark(:tokyo, 7) \g /dev/null
UPDATE kuji.campaign SET status = 'draft' WHERE id = :none;
SELECT pg_temp.make_mark(:none, 7) \g /dev/null
SELECT results_eq('SELECT campaign_id, draws, wins FROM kuji.mark WHERE quarter = 7',
    format('VALUES (%s::bigint, 20::bigint, %L::bigint[])', :tokyo, '{5,0}'), 'how the counters stand');

-- Claims.
CREATE FUNCTION pg_temp.counts() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT c.slug || ' ' || k.pos || ' ' || k.state || ' ' || k.count
      FROM kuji.claim_count k JOIN kuji.campaign c ON c.id = k.campaign_id
     WHERE k.count <> 0 ORDER BY 1
$$;
TRUNCATE kuji.claim CASCADE;
UPDATE kuji.prize SET kind = 'parcel' WHERE campaign_id = :tokyo;
INSERT INTO kuji.claim (campaign_id, n, tenant_id, pos, updated_at)
SELECT :tokyo, n, :a, n % 2, 1 FROM generate_series(1, 9) n;
SELECT is_empty('SELECT pg_temp.counts()', 'won is not counted');
SET LOCAL ROLE kuji_web;
UPDATE kuji.claim SET state = 'claimed' WHERE campaign_id = :tokyo AND n < 9;
UPDATE kuji.claim SET state = 'void' WHERE campaign_id = :tokyo AND n = 9;
SELECT results_eq('SELECT pg_temp.counts()',
    ARRAY['tokyo 0 claimed 4', 'tokyo 1 claimed 4', 'tokyo 1 void 1'], 'many at once, by prize');
UPDATE kuji.claim SET state = CASE WHEN n < 3 THEN 'shipped' WHEN n = 3 THEN 'delivered' ELSE state END, updated_at = 2
 WHERE campaign_id = :tokyo;
SELECT results_eq('SELECT pg_temp.counts()',
    ARRAY['tokyo 0 claimed 3', 'tokyo 0 shipped 1', 'tokyo 1 claimed 2', 'tokyo 1 delivered 1',
          'tokyo 1 shipped 1', 'tokyo 1 void 1'],
    'from one state to another');
RESET ROLE;
UPDATE kuji.claim SET updated_at = 3;
SELECT is((SELECT count(*) FROM pg_temp.counts()), 6::bigint, 'what changes no state changes no count');

SELECT finish();
ROLLBACK;
