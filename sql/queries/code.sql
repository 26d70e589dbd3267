-- Serial codes in batches (store/code.c).
-- :name code_campaign
SELECT id, uuid, status
  FROM kuji.campaign
 WHERE tenant_id = $1::uuid AND slug = $2::text;
-- :name code_batch_insert
INSERT INTO kuji.code_batch (campaign_id, tenant_id, name, size, uses,
                             created_at)
VALUES ($1::int8, $2::uuid, $3::text, 0, $4::int8, kuji_api.now_ms())
RETURNING id;
-- The places of the codes that were not stored, because the campaign has them
-- or the same came twice. NOT IN is a hash look-up whatever the planner thinks
-- of the array's size; a join might be a loop in a loop.
-- :name code_chunk
WITH given AS (
    SELECT u.digest, u.place,
           row_number() OVER (PARTITION BY u.digest ORDER BY u.place) AS nth
      FROM unnest($5::bytea[]) WITH ORDINALITY AS u (digest, place)
), added AS (
    INSERT INTO kuji.code (campaign_id, batch_id, tenant_id, uses_left, digest)
    SELECT $1::int8, $2::int8, $3::uuid, $4::int8, given.digest
      FROM given WHERE nth = 1 ORDER BY given.digest
    ON CONFLICT DO NOTHING
    RETURNING digest
)
SELECT place - 1
  FROM given
 WHERE nth > 1 OR given.digest NOT IN (SELECT added.digest FROM added);
-- :name code_batches
SELECT b.id, b.size, b.uses, b.spent, b.created_at, b.name, b.disabled
  FROM kuji.code_batch b
 WHERE b.campaign_id = $1::int8
 ORDER BY b.id DESC;
-- :name code_batch_disable
UPDATE kuji.code_batch SET disabled = $3::bool
 WHERE campaign_id = $1::int8 AND id = $2::int8 AND disabled <> $3::bool;
-- :name code_batch_known
SELECT EXISTS (SELECT FROM kuji.code_batch
                WHERE campaign_id = $1::int8 AND id = $2::int8);
-- :name code_batch_size
UPDATE kuji.code_batch
   SET size = size + $2::int8, checked = $3::bool AND (checked OR size = 0)
 WHERE id = $1::int8;
