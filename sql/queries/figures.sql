-- What dashboards read (store/figures.c), and what it is made of: marks
-- (store/mark.h), traffic (store/traffic.c).

-- Before the first leaf of a quarter of an hour: how the counters stand. In the
-- transaction that has locked the campaign, before it changes them. A draft
-- counts nothing.
-- :name figures_mark
INSERT INTO kuji.mark (campaign_id, quarter, tenant_id, draws, wins)
SELECT c.id, $2::int8, c.tenant_id, c.next_n - 1,
       ARRAY(SELECT p.awarded + p.returned FROM kuji.prize p
              WHERE p.campaign_id = c.id ORDER BY p.pos)
  FROM kuji.campaign c
 WHERE c.id = $1::int8 AND c.status <> 'draft'
    ON CONFLICT DO NOTHING;

-- Losing a few seconds of these to a crash is better than waiting for the disk.
-- :name figures_traffic_begin
SELECT set_config('synchronous_commit', 'off', true);
-- :name figures_traffic_add
INSERT INTO kuji.traffic AS t (campaign_id, quarter, what, tenant_id, count)
SELECT u.campaign_id, kuji_api.now_ms() / 900000, u.what, $1::uuid, u.count
  FROM unnest($2::int8[], $3::text[], $4::int8[])
       AS u (campaign_id, what, count)
 ORDER BY u.campaign_id, u.what
    ON CONFLICT (campaign_id, quarter, what)
       DO UPDATE SET count = t.count + excluded.count;

-- By day. Draws and wins of a day: what the first mark after it says, or the
-- counters now (day null), less what its own first mark says. Days with nothing
-- are there too. $2: days at most, the last ones; until now while the campaign
-- is open, else until the last leaf. Only their own quarters are read.
-- :name figures_days
WITH c AS (
    SELECT * FROM kuji_api.figures_span($1::int8)
), edge AS (
    SELECT (first AT TIME ZONE timezone)::date AS first, (last AT TIME ZONE timezone)::date AS last
      FROM c WHERE first IS NOT NULL
), span AS (
    SELECT edge.last - g AS day
      FROM edge CROSS JOIN generate_series(0, $2::int8::int4 - 1) g
     WHERE edge.last - g >= edge.first
), low AS (
    SELECT (extract(epoch FROM min(span.day)::timestamp AT TIME ZONE max(c.timezone))
            / 900)::int AS quarter
      FROM span CROSS JOIN c
), m AS (
    SELECT DISTINCT ON (1)
           (to_timestamp(k.quarter * 900::bigint) AT TIME ZONE c.timezone)::date AS day,
           k.draws, k.wins
      FROM kuji.mark k CROSS JOIN c
     WHERE k.campaign_id = $1::int8 AND k.quarter >= (SELECT quarter FROM low)
     ORDER BY 1, k.quarter
), w AS (
    SELECT day, draws, (SELECT coalesce(sum(u), 0) FROM unnest(wins) u) AS wins FROM m
    UNION ALL
    SELECT NULL, draws, wins FROM c
), d AS (
    SELECT day, lead(draws) OVER o - draws AS draws, lead(wins) OVER o - wins AS wins
      FROM w WINDOW o AS (ORDER BY day NULLS LAST)
), t AS (
    SELECT (to_timestamp(k.quarter * 900::bigint) AT TIME ZONE c.timezone)::date AS day,
           sum(k.visits) AS visits, sum(k.refused) AS refused
      FROM (SELECT quarter, sum(count) FILTER (WHERE what = 'visit') AS visits,
                   sum(count) FILTER (WHERE what <> 'visit') AS refused
              FROM kuji.traffic
             WHERE campaign_id = $1::int8 AND quarter >= (SELECT quarter FROM low)
             GROUP BY quarter) k
     CROSS JOIN c GROUP BY 1
)
SELECT (extract(epoch FROM span.day::timestamp AT TIME ZONE c.timezone) * 1000)::int8,
       coalesce(d.draws, 0)::int8, coalesce(d.wins, 0)::int8,
       coalesce(t.visits, 0)::int8, coalesce(t.refused, 0)::int8
  FROM c CROSS JOIN span LEFT JOIN d ON d.day = span.day LEFT JOIN t ON t.day = span.day
 ORDER BY span.day;

-- The same by hour: the zone's, each one once (a clock that is set back has the
-- same hour twice). Only their own quarters are read.
-- :name figures_hours
WITH c AS (
    SELECT * FROM kuji_api.figures_span($1::int8)
), edge AS (
    SELECT date_trunc('hour', first, timezone) AS first, date_trunc('hour', last, timezone) AS last
      FROM c WHERE first IS NOT NULL
), span AS (
    SELECT edge.last - g * interval '1 hour' AS hour
      FROM edge CROSS JOIN generate_series(0, $2::int8::int4 - 1) g
     WHERE edge.last - g * interval '1 hour' >= edge.first
), low AS (
    SELECT (extract(epoch FROM min(hour)) / 900)::int AS quarter FROM span
), m AS (
    SELECT DISTINCT ON (1)
           date_trunc('hour', to_timestamp(k.quarter * 900::bigint), c.timezone) AS hour,
           k.draws, k.wins
      FROM kuji.mark k CROSS JOIN c
     WHERE k.campaign_id = $1::int8 AND k.quarter >= (SELECT quarter FROM low)
     ORDER BY 1, k.quarter
), w AS (
    SELECT hour, draws, (SELECT coalesce(sum(u), 0) FROM unnest(wins) u) AS wins FROM m
    UNION ALL
    SELECT NULL, draws, wins FROM c
), d AS (
    SELECT hour, lead(draws) OVER o - draws AS draws, lead(wins) OVER o - wins AS wins
      FROM w WINDOW o AS (ORDER BY hour NULLS LAST)
), t AS (
    SELECT date_trunc('hour', to_timestamp(k.quarter * 900::bigint), c.timezone) AS hour,
           sum(k.visits) AS visits, sum(k.refused) AS refused
      FROM (SELECT quarter, sum(count) FILTER (WHERE what = 'visit') AS visits,
                   sum(count) FILTER (WHERE what <> 'visit') AS refused
              FROM kuji.traffic
             WHERE campaign_id = $1::int8 AND quarter >= (SELECT quarter FROM low)
             GROUP BY quarter) k
     CROSS JOIN c GROUP BY 1
)
SELECT (extract(epoch FROM span.hour) * 1000)::int8,
       coalesce(d.draws, 0)::int8, coalesce(d.wins, 0)::int8,
       coalesce(t.visits, 0)::int8, coalesce(t.refused, 0)::int8
  FROM span LEFT JOIN d ON d.hour = span.hour LEFT JOIN t ON t.hour = span.hour
 ORDER BY span.hour;

-- The whole campaign: visits, refusals by reason.
-- :name figures_traffic
SELECT what, sum(count)::int8 FROM kuji.traffic
 WHERE campaign_id = $1::int8 GROUP BY what ORDER BY 2 DESC, 1;

-- Claims by state, all prizes; codes by their batches' own account.
-- :name figures_claims
SELECT state, sum(count)::int8 FROM kuji.claim_count
 WHERE campaign_id = $1::int8 GROUP BY state HAVING sum(count) > 0;
-- :name figures_codes
SELECT coalesce(sum(size), 0)::int8, coalesce(sum(size * uses), 0)::int8,
       coalesce(sum(size * uses) FILTER (WHERE disabled), 0)::int8
  FROM kuji.code_batch WHERE campaign_id = $1::int8;

-- By prize: units ever won, and how many since that quarter: the counters less
-- those of the first mark from then on; no mark, nothing since.
-- :name figures_recent
SELECT p.awarded + p.returned,
       CASE WHEN m.wins IS NULL THEN 0
            ELSE p.awarded + p.returned
                 - coalesce(m.wins[row_number() OVER (ORDER BY p.pos)], 0) END
  FROM kuji.prize p
  LEFT JOIN LATERAL (SELECT wins FROM kuji.mark
                      WHERE campaign_id = $1::int8 AND quarter >= $2::int8
                      ORDER BY quarter LIMIT 1) m ON true
 WHERE p.campaign_id = $1::int8
 ORDER BY p.pos;
