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
