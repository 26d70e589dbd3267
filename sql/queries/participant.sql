-- What participants and programs read of draws (store/draw.c).

-- One draw after the other by its key, as in draw.sql: OFFSET 0 keeps small
-- tables from being read whole.
-- :name draw_rows
SELECT d.n, d.i, d.first_n, f.count, l.leaf, d.participant, p.salt, c.state,
       z.code, v.n IS NOT NULL, d.prev_n, coalesce(c.updated_at, 0)
  FROM unnest($2::bigint[]) WITH ORDINALITY AS u (n, o)
 CROSS JOIN LATERAL (SELECT * FROM kuji.draw
                      WHERE campaign_id = $1 AND n = u.n OFFSET 0) AS d
 CROSS JOIN LATERAL (SELECT count FROM kuji.draw
                      WHERE campaign_id = $1 AND n = d.first_n OFFSET 0) AS f
 CROSS JOIN LATERAL (SELECT leaf FROM kuji.ledger
                      WHERE campaign_id = $1 AND i = d.i OFFSET 0) AS l
  LEFT JOIN LATERAL (SELECT salt FROM kuji.participant
                      WHERE campaign_id = $1 AND digest = d.participant
                     OFFSET 0) AS p ON true
  LEFT JOIN kuji.claim AS c ON c.campaign_id = $1 AND c.n = d.n
  LEFT JOIN kuji.prize AS z ON z.campaign_id = $1 AND z.pos = c.pos
  LEFT JOIN kuji.voided AS v ON v.campaign_id = $1 AND v.n = d.n
 ORDER BY u.o;

-- The numbers of a request's draws.
-- :name draw_request
SELECT generate_series(d.n, d.n + d.count - 1)
  FROM kuji.draw AS d
 WHERE d.campaign_id = $1 AND d.n = $2 AND d.first_n = d.n;

-- A participant's draws are chained backwards: the newest one is known, each
-- knows the one before it. $3: below this draw; 0: from the newest. If it is
-- another's (a browser may have drawn under several ids), the chain is walked.
-- :name draw_mine
WITH RECURSIVE mine (n, prev_n, k) AS (
    SELECT d.n, d.prev_n, ($3::bigint = 0 OR d.n < $3::bigint)::int
      FROM kuji.draw AS d
     WHERE d.campaign_id = $1 AND d.n = (
           SELECT coalesce((SELECT b.prev_n FROM kuji.draw AS b
                             WHERE b.campaign_id = $1 AND b.n = $3::bigint
                               AND b.participant = $2), p.last_n)
             FROM kuji.participant AS p
            WHERE p.campaign_id = $1 AND p.digest = $2)
    UNION ALL
    SELECT d.n, d.prev_n,
           m.k + ($3::bigint = 0 OR d.n < $3::bigint)::int
      FROM mine AS m
     CROSS JOIN LATERAL (SELECT n, prev_n FROM kuji.draw
                          WHERE campaign_id = $1 AND n = m.prev_n OFFSET 0)
                AS d
     WHERE m.k < $4::bigint)
SELECT n FROM mine WHERE $3::bigint = 0 OR n < $3::bigint ORDER BY n DESC;

-- :name draw_by_key
SELECT n FROM kuji.draw
 WHERE campaign_id = $1 AND key = $2::bytea AND body = $3::bytea;
