-- Stock, void, close, raffle (store/event.c, close.c, raffle.c).
-- :name event_stock
UPDATE kuji.prize
   SET added = added + $3::int8, units_left = units_left + $3::int8
 WHERE campaign_id = $1::int8 AND pos = $2::int8;
-- :name event_award
UPDATE kuji.prize
   SET units_left = units_left - $3::int8, awarded = awarded + $3::int8,
       returned = returned + greatest(-$3::int8, 0)
 WHERE campaign_id = $1::int8 AND pos = $2::int8;
-- :name event_claim
SELECT pos, state = 'void' FROM kuji.claim
 WHERE campaign_id = $1::int8 AND n = $2::int8;
-- :name event_claim_void
UPDATE kuji.claim SET state = 'void', updated_at = $3::int8
 WHERE campaign_id = $1::int8 AND n = $2::int8;
-- :name event_claims_add
INSERT INTO kuji.claim (campaign_id, n, tenant_id, pos, updated_at)
SELECT $1::int8, u.n, $2::uuid, u.pos, $3::int8
  FROM unnest($4::int8[], $5::int8[]) AS u (n, pos);
-- :name event_void_add
INSERT INTO kuji.voided (campaign_id, n, i, returned, tenant_id, note)
VALUES ($1::int8, $2::int8, $3::int8, $4::bool, $5::uuid, $6::text)
ON CONFLICT DO NOTHING;
-- :name event_voids
SELECT n FROM kuji.voided WHERE campaign_id = $1::int8 ORDER BY n;
-- :name event_void_of
SELECT i, returned FROM kuji.voided
 WHERE campaign_id = $1::int8 AND n = $2::int8;
-- :name event_raffled
UPDATE kuji.campaign SET raffled_at = $2::int8 WHERE id = $1::int8;
-- Leaves after the last entry's: its raffle and what followed.
-- :name event_after_entries
SELECT l.leaf
  FROM kuji.ledger l
 WHERE l.campaign_id = $1::int8
   AND l.i > coalesce((SELECT d.i FROM kuji.draw d
                        WHERE d.campaign_id = $1::int8 AND d.n = $2::int8), 0)
 ORDER BY l.i;
-- The sums are counted as soon as the status changes, before the leaf with the
-- seed goes in, instead of at COMMIT.
-- :name event_count_now
SET CONSTRAINTS kuji.campaign_close_sums IMMEDIATE;
-- :name event_close
UPDATE kuji.campaign
   SET status = 'closed', closed_at = $2::int8, version = version + 1
 WHERE id = $1::int8;
-- Closing counts the whole ledger: it may take longer than a draw may. Until
-- the transaction ends.
-- :name event_patience
SELECT set_config('statement_timeout', '120s', true),
       set_config('idle_in_transaction_session_timeout', '120s', true);
-- What a raffle looks like before it is run (store/raffle_view.c). Entries that
-- are void count for nobody.
-- :name raffle_counts
WITH gone AS (
    SELECT d.participant, count(*) AS entries
      FROM kuji.voided v
      JOIN kuji.draw d ON d.campaign_id = v.campaign_id AND d.n = v.n
     WHERE v.campaign_id = $1::int8 AND d.participant IS NOT NULL
     GROUP BY d.participant
), valid AS (
    SELECT p.draws - coalesce(g.entries, 0) AS entries, p.last_n
      FROM kuji.participant p
      LEFT JOIN gone g ON g.participant = p.digest
     WHERE p.campaign_id = $1::int8
)
SELECT (SELECT next_n - 1 FROM kuji.campaign WHERE id = $1::int8),
       (SELECT count(*) FROM kuji.voided WHERE campaign_id = $1::int8),
       count(*) FILTER (WHERE entries > 0),
       count(*) FILTER (WHERE entries > 1 AND last_n IS NOT NULL),
       EXISTS (SELECT FROM kuji.code_batch
                WHERE campaign_id = $1::int8 AND uses > 1)
  FROM valid;
-- Participants with several entries; their entries are chained backwards. Of who
-- was erased nobody knows which they were.
-- :name raffle_suspects
WITH gone AS (
    SELECT d.participant, count(*) AS entries
      FROM kuji.voided v
      JOIN kuji.draw d ON d.campaign_id = v.campaign_id AND d.n = v.n
     WHERE v.campaign_id = $1::int8 AND d.participant IS NOT NULL
     GROUP BY d.participant
), several AS (
    SELECT p.last_n, p.draws - coalesce(g.entries, 0) AS entries
      FROM kuji.participant p
      LEFT JOIN gone g ON g.participant = p.digest
     WHERE p.campaign_id = $1::int8 AND p.last_n IS NOT NULL AND p.draws - coalesce(g.entries, 0) > 1
     ORDER BY 2 DESC, 1
     LIMIT $2::int8
)
SELECT s.entries, e.list
  FROM several s
 CROSS JOIN LATERAL (
    WITH RECURSIVE mine (n, prev_n, k) AS (
        SELECT d.n, d.prev_n, 1 FROM kuji.draw d
         WHERE d.campaign_id = $1::int8 AND d.n = s.last_n
        UNION ALL
        SELECT d.n, d.prev_n, m.k + 1
          FROM mine m
          JOIN kuji.draw d ON d.campaign_id = $1::int8 AND d.n = m.prev_n
         WHERE m.k < 1000
    )
    SELECT array_to_string((array_agg(n ORDER BY n))[1:$3::int4], ' ') AS list
      FROM mine
     WHERE NOT EXISTS (SELECT FROM kuji.voided v
                        WHERE v.campaign_id = $1::int8 AND v.n = mine.n)) AS e
 ORDER BY s.entries DESC, s.last_n;
-- Codes that several participants entered with. How many in all, in each row.
-- :name raffle_suspect_codes
SELECT count(*), array_to_string((array_agg(d.n ORDER BY d.n))[1:$3::int4], ' '),
       count(*) OVER ()
  FROM kuji.draw d
 WHERE d.campaign_id = $1::int8 AND d.code IS NOT NULL
   AND NOT EXISTS (SELECT FROM kuji.voided v
                    WHERE v.campaign_id = $1::int8 AND v.n = d.n)
 GROUP BY d.code
HAVING count(DISTINCT d.participant) > 1
 ORDER BY 1 DESC, min(d.n)
 LIMIT $2::int8;
-- :name raffle_campaign
SELECT id, next_n - 1 FROM kuji.campaign
 WHERE tenant_id = $1::uuid AND slug = $2::text;
