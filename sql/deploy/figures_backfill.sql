-- Deploy mod_kuji:figures_backfill to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Marks and counts of campaigns that were drawn from before there were any.
-- Reads only, but for what it adds: draws go on meanwhile. A quarter's first
-- draw is found by halving, since t never decreases, so that a campaign of
-- 10,000,000 draws costs some thousand look-ups and one pass over its wins.

BEGIN;

-- t of a draw.
CREATE FUNCTION pg_temp.drawn_at(cid bigint, wanted bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT (l.leaf::jsonb ->> 't')::bigint
      FROM kuji.draw d JOIN kuji.ledger l ON l.campaign_id = cid AND l.i = d.i
     WHERE d.campaign_id = cid AND d.n = wanted
$$;

-- The first draw after `first` that is not of its quarter, or next_n.
CREATE FUNCTION pg_temp.quarter_ends(cid bigint, first bigint, next_n bigint, until bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    low  bigint := first;    -- before `until`
    high bigint := next_n;   -- not before it
    mid  bigint;
BEGIN
    WHILE high - low > 1 LOOP
        mid := (low + high) / 2;
        IF pg_temp.drawn_at(cid, mid) < until THEN
            low := mid;
        ELSE
            high := mid;
        END IF;
    END LOOP;
    RETURN high;
END
$$;

CREATE FUNCTION pg_temp.add(a bigint[], b bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(coalesce(u.x, 0) + coalesce(u.y, 0) ORDER BY u.o), '{}')
      FROM unnest(a, b) WITH ORDINALITY AS u (x, y, o)
$$;

-- Draws; the wins of those that are decided at once are their claims.
CREATE FUNCTION pg_temp.mark_draws(c kuji.campaign, prizes integer) RETURNS bigint[]
LANGUAGE plpgsql AS $$
DECLARE
    won     bigint[] := array_fill(0::bigint, ARRAY[prizes]);
    begins  bigint   := 1;
    ends    bigint;
    quarter integer;
BEGIN
    WHILE begins < c.next_n LOOP
        quarter := pg_temp.drawn_at(c.id, begins) / 900000;
        ends := pg_temp.quarter_ends(c.id, begins, c.next_n, (quarter + 1) * 900000::bigint);
        INSERT INTO kuji.mark (campaign_id, quarter, tenant_id, draws, wins)
        VALUES (c.id, quarter, c.tenant_id, begins - 1, won) ON CONFLICT DO NOTHING;
        IF c.method <> 'raffle' THEN
            won := pg_temp.add(won, ARRAY(
                SELECT count(w.pos) FROM generate_series(0, prizes - 1) p (pos)
                  LEFT JOIN (SELECT pos FROM kuji.claim
                              WHERE campaign_id = c.id AND n >= begins AND n < ends) w USING (pos)
                 GROUP BY p.pos ORDER BY p.pos));
        END IF;
        begins := ends;
    END LOOP;
    RETURN won;
END
$$;

-- A raffle's winners and their substitutes are won when those leaves say so.
CREATE FUNCTION pg_temp.mark_raffle(c kuji.campaign, won bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    leaf jsonb;
BEGIN
    FOR leaf IN
        SELECT l.leaf::jsonb
          FROM kuji.ledger l
         WHERE l.campaign_id = c.id
           AND l.i > coalesce((SELECT d.i FROM kuji.draw d
                                WHERE d.campaign_id = c.id AND d.n = c.next_n - 1), 0)
           AND l.leaf ~ '"kind":"(raffle|substitute)"'
         ORDER BY l.i
    LOOP
        INSERT INTO kuji.mark (campaign_id, quarter, tenant_id, draws, wins)
        VALUES (c.id, (leaf ->> 't')::bigint / 900000, c.tenant_id, c.next_n - 1, won)
        ON CONFLICT DO NOTHING;
        won := pg_temp.add(won, ARRAY(
            SELECT count(w.code)
              FROM kuji.prize p
              LEFT JOIN jsonb_path_query(leaf, '$.winners[*].prize') w (code) ON w.code #>> '{}' = p.code
             WHERE p.campaign_id = c.id GROUP BY p.pos ORDER BY p.pos));
        IF leaf ->> 'kind' = 'substitute' THEN
            won := pg_temp.add(won, ARRAY(
                SELECT (p.code = leaf ->> 'prize')::int::bigint
                  FROM kuji.prize p WHERE p.campaign_id = c.id ORDER BY p.pos));
        END IF;
    END LOOP;
END
$$;

DO $$
DECLARE
    c   kuji.campaign;
    won bigint[];
BEGIN
    FOR c IN SELECT * FROM kuji.campaign WHERE next_n > 1 ORDER BY id LOOP
        won := pg_temp.mark_draws(c, (SELECT count(*) FROM kuji.prize p WHERE p.campaign_id = c.id)::int);
        IF c.raffled_at IS NOT NULL THEN
            PERFORM pg_temp.mark_raffle(c, won);
        END IF;
    END LOOP;
END
$$;

UPDATE kuji.prize p SET returned = v.units
  FROM (SELECT v.campaign_id, w.pos, count(*) AS units
          FROM kuji.voided v JOIN kuji.claim w USING (campaign_id, n)
         WHERE v.returned GROUP BY v.campaign_id, w.pos) v
 WHERE p.campaign_id = v.campaign_id AND p.pos = v.pos AND p.returned <> v.units;

-- One statement, one snapshot: what the trigger has counted since it came is in
-- both sums, and what it counts from now on is added to the row as it is then.
INSERT INTO kuji.claim_count AS c (campaign_id, pos, state, tenant_id, count)
SELECT w.campaign_id, w.pos, w.state, w.tenant_id, count(*) - coalesce(max(k.count), 0)
  FROM kuji.claim w
  LEFT JOIN kuji.claim_count k USING (campaign_id, pos, state)
 WHERE w.state <> 'won'
 GROUP BY w.campaign_id, w.pos, w.state, w.tenant_id
    ON CONFLICT (campaign_id, pos, state) DO UPDATE SET count = c.count + excluded.count;

COMMIT;
