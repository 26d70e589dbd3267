-- Gift codes: bought elsewhere, kept sealed, handed out once (store/gift*.c).
-- :name gift_campaign
SELECT c.id, c.uuid, c.status,
       EXISTS (SELECT FROM jsonb_array_elements(f.config -> 'prizes') AS z
                WHERE z ->> 'code' = $3::text AND z ->> 'kind' = 'gift_code')
  FROM kuji.campaign c
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
 WHERE c.tenant_id = $1::uuid AND c.slug = $2::text;
-- :name gift_pool_add
INSERT INTO kuji.gift_pool (campaign_id, tenant_id, prize, created_at)
VALUES ($1::int8, $2::uuid, $3::text, kuji_api.now_ms())
ON CONFLICT DO NOTHING;
-- :name gift_pool
SELECT id, warn_at FROM kuji.gift_pool
 WHERE campaign_id = $1::int8 AND prize = $2::text
   FOR UPDATE;
-- :name gift_pool_warn
UPDATE kuji.gift_pool SET warn_at = $2::int8 WHERE id = $1::int8;
-- One line for each gift-code prize, with a pool or not; owed: won, opened by
-- the winner, and without a code.
-- :name gift_pools
SELECT u.prize ->> 'code', u.prize ->> 'name', coalesce(g.id, 0),
       coalesce(g.warn_at, 0),
       (SELECT count(*) FROM kuji.gift_code k
         WHERE k.pool_id = g.id AND k.state = 'free'),
       (SELECT count(*) FROM kuji.gift_code k
         WHERE k.pool_id = g.id AND k.state = 'assigned'),
       (SELECT count(*) FROM kuji.gift_code k
         WHERE k.pool_id = g.id AND k.state = 'void'),
       (SELECT count(*) FROM kuji.claim c
         WHERE c.campaign_id = f.campaign_id AND c.state = 'claimed'
           AND c.pos = u.place - 1),
       (u.prize ->> 'units')::int8
         + coalesce((SELECT p.added FROM kuji.prize p
                      WHERE p.campaign_id = f.campaign_id
                        AND p.pos = u.place - 1), 0)
  FROM kuji.campaign_config f
 CROSS JOIN jsonb_array_elements(f.config -> 'prizes')
       WITH ORDINALITY AS u (prize, place)
  LEFT JOIN kuji.gift_pool g ON g.campaign_id = f.campaign_id
                            AND g.prize = u.prize ->> 'code'
 WHERE f.campaign_id = $1::int8 AND u.prize ->> 'kind' = 'gift_code'
 ORDER BY u.place;
-- The places of the codes that were not stored, as code_chunk's.
-- :name gift_chunk
WITH given AS (
    SELECT u.digest, u.sealed, u.place,
           row_number() OVER (PARTITION BY u.digest ORDER BY u.place) AS nth
      FROM unnest($4::bytea[], $5::bytea[]) WITH ORDINALITY
           AS u (digest, sealed, place)
), added AS (
    INSERT INTO kuji.gift_code (pool_id, campaign_id, tenant_id, changed_at,
                                digest, sealed)
    SELECT $1::int8, $2::int8, $3::uuid, kuji_api.now_ms(), given.digest,
           given.sealed
      FROM given WHERE nth = 1 ORDER BY given.place
    ON CONFLICT DO NOTHING
    RETURNING digest
)
SELECT place - 1
  FROM given
 WHERE nth > 1 OR given.digest NOT IN (SELECT added.digest FROM added)
 ORDER BY 1;
-- :name gift_of
SELECT pool_id, digest, sealed, id FROM kuji.gift_code
 WHERE campaign_id = $1::int8 AND n = $2::int8 AND state = 'assigned';
-- The oldest free code that nobody else is taking just now.
-- :name gift_take
UPDATE kuji.gift_code AS g
   SET state = 'assigned', n = $3::int8, changed_at = kuji_api.now_ms()
  FROM (SELECT f.id FROM kuji.gift_code f
          JOIN kuji.gift_pool o ON o.id = f.pool_id
         WHERE o.campaign_id = $1::int8 AND o.prize = $2::text
           AND f.state = 'free'
         ORDER BY f.id LIMIT 1
           FOR UPDATE OF f SKIP LOCKED) AS free
 WHERE g.id = free.id
RETURNING g.pool_id, g.digest, g.sealed;
-- The one that was seen, and no other.
-- :name gift_void
UPDATE kuji.gift_code SET state = 'void', changed_at = kuji_api.now_ms()
 WHERE campaign_id = $1::int8 AND n = $2::int8 AND state = 'assigned'
   AND id = $3::int8;
-- Who is owed a code, the longest first.
-- :name gift_owed
SELECT c.n FROM kuji.claim c
  JOIN kuji.prize p ON p.campaign_id = c.campaign_id AND p.pos = c.pos
 WHERE c.campaign_id = $1::int8 AND c.state = 'claimed'
   AND p.code = $2::text AND p.kind = 'gift_code'
 ORDER BY c.updated_at, c.n LIMIT $3::int8;
-- Pools with codes that somebody is waiting for.
-- :name gift_waiting
SELECT c.slug, g.prize
  FROM kuji.gift_pool g
  JOIN kuji.campaign c ON c.id = g.campaign_id
  JOIN kuji.prize p ON p.campaign_id = g.campaign_id AND p.code = g.prize
 WHERE g.tenant_id = $1::uuid
   AND EXISTS (SELECT FROM kuji.gift_code k
                WHERE k.pool_id = g.id AND k.state = 'free')
   AND EXISTS (SELECT FROM kuji.claim w
                WHERE w.campaign_id = g.campaign_id AND w.state = 'claimed'
                  AND w.pos = p.pos)
 ORDER BY g.id;
