-- Winners and what becomes of their prizes (store/claim*.c).
-- :name claim_campaign
SELECT c.id, c.uuid, c.status, c.next_n, c.closed_at IS NOT NULL,
       coalesce((f.config #>> '{claim_days}')::int8, 0),
       EXISTS (SELECT FROM kuji.erasure e
                WHERE e.campaign_id = c.id AND e.cause = 'retention')
  FROM kuji.campaign c
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
 WHERE c.tenant_id = $1::uuid AND c.slug = $2::text AND c.status <> 'draft';
-- The draws of a span of days, in the campaign's time zone.
-- :name claim_days
SELECT CASE WHEN $2::text IS NULL THEN 1 ELSE kuji_api.draw_at(c.id,
         (extract(epoch FROM $2::date::timestamp AT TIME ZONE c.timezone)
          * 1000)::int8) END,
       CASE WHEN $3::text IS NULL THEN c.next_n ELSE kuji_api.draw_at(c.id,
         (extract(epoch FROM ($3::date + 1)::timestamp AT TIME ZONE c.timezone)
          * 1000)::int8) END
  FROM kuji.campaign c WHERE c.id = $1::int8;
-- A page of wins below $3, the newest first. It looks at $7 claims at most, so
-- that no filter makes it read a whole campaign; claim_window says where it
-- stopped.
-- :name claim_list
SELECT c.n, (l.leaf::json ->> 't')::int8, c.state, c.updated_at, p.code, p.kind,
       v.n IS NOT NULL, e.data IS NOT NULL
  FROM (SELECT * FROM kuji.claim
         WHERE campaign_id = $1::int8 AND n >= $2::int8 AND n < $3::int8
         ORDER BY n DESC LIMIT $7::int8 OFFSET 0) AS c
 CROSS JOIN LATERAL (SELECT code, kind FROM kuji.prize
                      WHERE campaign_id = $1::int8 AND pos = c.pos OFFSET 0) AS p
 CROSS JOIN LATERAL (SELECT i, first_n FROM kuji.draw
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS d
 CROSS JOIN LATERAL (SELECT leaf FROM kuji.ledger
                      WHERE campaign_id = $1::int8 AND i = d.i OFFSET 0) AS l
  LEFT JOIN LATERAL (SELECT n FROM kuji.voided
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS v ON true
  LEFT JOIN LATERAL (SELECT data FROM kuji.claim_detail
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS e ON true
 WHERE ($4::text IS NULL OR p.code = $4::text)
   AND ($5::text IS NULL OR c.state = $5::text)
   AND ($6::int8 = 0 OR EXISTS (
        SELECT FROM kuji.draw f
          JOIN kuji.code k ON k.campaign_id = f.campaign_id AND k.digest = f.code
         WHERE f.campaign_id = $1::int8 AND f.n = d.first_n
           AND k.batch_id = $6::int8))
 ORDER BY c.n DESC LIMIT $8::int8;
-- The same for a state other than won, which an index finds.
-- :name claim_list_state
SELECT c.n, (l.leaf::json ->> 't')::int8, c.state, c.updated_at, p.code, p.kind,
       v.n IS NOT NULL, e.data IS NOT NULL
  FROM (SELECT * FROM kuji.claim
         WHERE campaign_id = $1::int8 AND n >= $2::int8 AND n < $3::int8
           AND state = $5::text AND state <> 'won'
         ORDER BY n DESC LIMIT $7::int8 OFFSET 0) AS c
 CROSS JOIN LATERAL (SELECT code, kind FROM kuji.prize
                      WHERE campaign_id = $1::int8 AND pos = c.pos OFFSET 0) AS p
 CROSS JOIN LATERAL (SELECT i, first_n FROM kuji.draw
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS d
 CROSS JOIN LATERAL (SELECT leaf FROM kuji.ledger
                      WHERE campaign_id = $1::int8 AND i = d.i OFFSET 0) AS l
  LEFT JOIN LATERAL (SELECT n FROM kuji.voided
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS v ON true
  LEFT JOIN LATERAL (SELECT data FROM kuji.claim_detail
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS e ON true
 WHERE ($4::text IS NULL OR p.code = $4::text)
   AND ($6::int8 = 0 OR EXISTS (
        SELECT FROM kuji.draw f
          JOIN kuji.code k ON k.campaign_id = f.campaign_id AND k.digest = f.code
         WHERE f.campaign_id = $1::int8 AND f.n = d.first_n
           AND k.batch_id = $6::int8))
 ORDER BY c.n DESC LIMIT $8::int8;
-- :name claim_window
SELECT n FROM kuji.claim
 WHERE campaign_id = $1::int8 AND n >= $2::int8 AND n < $3::int8
   AND ($4::text IS NULL OR state = $4::text)
 ORDER BY n DESC OFFSET $5::int8 - 1 LIMIT 1;
-- All draws, wins or not: as claim_list; n has no gap, so the window is known.
-- :name claim_draws
SELECT d.n, (l.leaf::json ->> 't')::int8, c.state, coalesce(c.updated_at, 0),
       p.code, p.kind, v.n IS NOT NULL, false
  FROM (SELECT * FROM kuji.draw
         WHERE campaign_id = $1::int8 AND n >= $2::int8 AND n < $3::int8
         ORDER BY n DESC OFFSET 0) AS d
 CROSS JOIN LATERAL (SELECT leaf FROM kuji.ledger
                      WHERE campaign_id = $1::int8 AND i = d.i OFFSET 0) AS l
  LEFT JOIN LATERAL (SELECT pos, state, updated_at FROM kuji.claim
                      WHERE campaign_id = $1::int8 AND n = d.n OFFSET 0) AS c ON true
  LEFT JOIN LATERAL (SELECT code, kind FROM kuji.prize
                      WHERE campaign_id = $1::int8 AND pos = c.pos OFFSET 0) AS p ON true
  LEFT JOIN LATERAL (SELECT n FROM kuji.voided
                      WHERE campaign_id = $1::int8 AND n = d.n OFFSET 0) AS v ON true
 WHERE $4::int8 = 0 OR EXISTS (
        SELECT FROM kuji.draw f
          JOIN kuji.code k ON k.campaign_id = f.campaign_id AND k.digest = f.code
         WHERE f.campaign_id = $1::int8 AND f.n = d.first_n
           AND k.batch_id = $4::int8)
 ORDER BY d.n DESC LIMIT $5::int8;
-- Draws with a flag, wins or not.
-- :name claim_flagged
SELECT d.n, (l.leaf::json ->> 't')::int8, c.state, coalesce(c.updated_at, 0),
       p.code, p.kind, v.n IS NOT NULL, false
  FROM (SELECT n FROM kuji.flag
         WHERE campaign_id = $1::int8 AND n >= $2::int8 AND n < $3::int8
         ORDER BY n DESC LIMIT $4::int8) AS f
 CROSS JOIN LATERAL (SELECT n, i FROM kuji.draw
                      WHERE campaign_id = $1::int8 AND n = f.n OFFSET 0) AS d
 CROSS JOIN LATERAL (SELECT leaf FROM kuji.ledger
                      WHERE campaign_id = $1::int8 AND i = d.i OFFSET 0) AS l
  LEFT JOIN LATERAL (SELECT pos, state, updated_at FROM kuji.claim
                      WHERE campaign_id = $1::int8 AND n = d.n OFFSET 0) AS c ON true
  LEFT JOIN LATERAL (SELECT code, kind FROM kuji.prize
                      WHERE campaign_id = $1::int8 AND pos = c.pos OFFSET 0) AS p ON true
  LEFT JOIN LATERAL (SELECT n FROM kuji.voided
                      WHERE campaign_id = $1::int8 AND n = d.n OFFSET 0) AS v ON true
 ORDER BY d.n DESC;
-- :name claim_batches
SELECT id, name, size FROM kuji.code_batch
 WHERE campaign_id = $1::int8 ORDER BY id DESC LIMIT 200;
-- :name claim_counts
SELECT p.code, p.kind, c.state, count(*), count(*) FILTER (WHERE v.returned)
  FROM kuji.claim c
  JOIN kuji.prize p ON p.campaign_id = c.campaign_id AND p.pos = c.pos
  LEFT JOIN LATERAL (SELECT returned FROM kuji.voided
                      WHERE campaign_id = $1::int8 AND n = c.n
                        AND c.state = 'void' OFFSET 0) AS v ON true
 WHERE c.campaign_id = $1::int8 AND c.state <> 'won'
 GROUP BY p.pos, p.code, p.kind, c.state
 ORDER BY p.pos, c.state;
-- :name claim_get
SELECT c.state, c.updated_at, p.code, p.kind, e.data, e.tracking,
       coalesce(e.version, 0), coalesce(e.erased_at, 0), coalesce(e.due_at, 0),
       (SELECT s.name FROM kuji.redemption r JOIN kuji.shop s ON s.id = r.shop_id
         WHERE r.campaign_id = c.campaign_id AND r.n = c.n)
  FROM kuji.claim c
  JOIN kuji.prize p ON p.campaign_id = c.campaign_id AND p.pos = c.pos
  LEFT JOIN kuji.claim_detail e ON e.campaign_id = c.campaign_id AND e.n = c.n
 WHERE c.campaign_id = $1::int8 AND c.n = $2::int8;
-- :name claim_steps
SELECT s.state, s.at, b.reason
  FROM kuji.claim_step s
  LEFT JOIN kuji.came_back b ON b.campaign_id = s.campaign_id AND b.n = s.n
                            AND b.at = s.at AND s.state = 'claimed'
 WHERE s.campaign_id = $1::int8 AND s.n = $2::int8 ORDER BY s.at, s.state;
-- In the order of n, as everybody who locks several.
-- :name claim_lock
SELECT c.n, c.state, c.updated_at, p.kind, p.code, d.participant,
       kuji_api.now_ms(), e.data IS NOT NULL, e.erased_at IS NOT NULL,
       coalesce(e.version, 0), coalesce(e.due_at, 0)
  FROM (SELECT * FROM kuji.claim
         WHERE campaign_id = $1::int8 AND n = ANY ($2::int8[])
         ORDER BY n FOR UPDATE) c
  JOIN kuji.prize p ON p.campaign_id = c.campaign_id AND p.pos = c.pos
  JOIN kuji.draw d ON d.campaign_id = c.campaign_id AND d.n = c.n
  LEFT JOIN kuji.claim_detail e ON e.campaign_id = c.campaign_id AND e.n = c.n
 ORDER BY c.n;
-- Each step at a time of its own, whatever the clock does.
-- :name claim_state
UPDATE kuji.claim
   SET state = $3::text, updated_at = greatest(updated_at + 1, kuji_api.now_ms())
 WHERE campaign_id = $1::int8 AND n = ANY ($2::int8[]);
-- After the step that it belongs to.
-- :name claim_came_back
INSERT INTO kuji.came_back (campaign_id, n, at, tenant_id, reason)
SELECT campaign_id, n, updated_at, tenant_id, $3::text FROM kuji.claim
 WHERE campaign_id = $1::int8 AND n = $2::int8;
-- :name claim_data
INSERT INTO kuji.claim_detail (campaign_id, n, tenant_id, updated_at, data,
                               due_at)
VALUES ($1::int8, $2::int8, $3::uuid, kuji_api.now_ms(), $4::bytea,
        nullif($5::int8, 0))
ON CONFLICT (campaign_id, n) DO UPDATE
   SET data = excluded.data, updated_at = excluded.updated_at,
       version = claim_detail.version + 1;
-- :name claim_forget_identifiers
DELETE FROM kuji.identifier WHERE campaign_id = $1::int8 AND n = $2::int8;
-- :name claim_identifiers
INSERT INTO kuji.identifier (tenant_id, digest, campaign_id, n)
SELECT $1::uuid, u.digest, $2::int8, $3::int8
  FROM unnest($4::bytea[]) AS u (digest);
-- :name claim_tracking
INSERT INTO kuji.claim_detail (campaign_id, n, tenant_id, updated_at, tracking)
SELECT $1::int8, u.n, $2::uuid, kuji_api.now_ms(), u.tracking
  FROM unnest($3::int8[], $4::bytea[]) AS u (n, tracking)
 WHERE u.tracking IS NOT NULL
ON CONFLICT (campaign_id, n) DO UPDATE
   SET tracking = excluded.tracking, updated_at = excluded.updated_at,
       version = claim_detail.version + 1;
-- Wins whose time to claim is over; $3: the last n looked at before.
-- :name claim_due
SELECT n FROM kuji.claim
 WHERE campaign_id = $1::int8 AND n > $3::int8 AND state = 'won'
   AND updated_at <= kuji_api.now_ms() - $2::int8
 ORDER BY n LIMIT $4::int8
   FOR UPDATE SKIP LOCKED;
-- Campaigns that let wins expire.
-- :name claim_expiring
SELECT c.id, c.uuid, c.slug, (f.config #>> '{claim_days}')::int8
  FROM kuji.campaign c
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
 WHERE c.tenant_id = $1::uuid AND c.status <> 'draft'
   AND (f.config #>> '{claim_days}')::int8 > 0
 ORDER BY c.id;
-- Expired wins whose unit is still awarded.
-- :name claim_expired
SELECT c.n, p.code FROM kuji.claim c
  JOIN kuji.prize p ON p.campaign_id = c.campaign_id AND p.pos = c.pos
 WHERE c.campaign_id = $1::int8 AND c.state = 'expired'
 ORDER BY c.n LIMIT $2::int8;
