-- The batch of draws (store/batch*.c). One campaign, its row locked first.

-- A locked campaign must not hold a committer for long: 300 ms, then its draws
-- go back behind the others.
-- :name draw_begin
SELECT set_config('kuji.tenant', $1, true),
       set_config('lock_timeout', '300ms', true);

-- :name draw_lock
SELECT status, next_n, size, edge, blanks_left, day, day_draws,
       raffled_at IS NOT NULL
  FROM kuji.campaign WHERE id = $1 FOR NO KEY UPDATE;

-- After the lock, in a statement of its own: t never decreases, and the day is
-- that of t where the campaign lives.
-- :name draw_time
SELECT t, (to_timestamp(t / 1000.0) AT TIME ZONE timezone)::date
            - DATE '1970-01-01'
  FROM (SELECT timezone, greatest(last_t,
               floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) AS t
          FROM kuji.campaign WHERE id = $1 OFFSET 0) AS c;

-- :name draw_prizes
SELECT units_left, awarded, added
  FROM kuji.prize WHERE campaign_id = $1 ORDER BY pos;

-- :name draw_keys
SELECT key, body, n, count
  FROM kuji.draw WHERE campaign_id = $1 AND key = ANY ($2::bytea[]);

-- :name draw_participants
SELECT digest, salt, last_n, draws, wins, day, day_draws
  FROM kuji.participant WHERE campaign_id = $1 AND digest = ANY ($2::bytea[]);

-- :name draw_codes
SELECT c.digest, c.uses_left, b.disabled
  FROM kuji.code AS c JOIN kuji.code_batch AS b ON b.id = c.batch_id
 WHERE c.campaign_id = $1 AND c.digest = ANY ($2::bytea[]);

-- :name draw_tokens_revoked
SELECT id FROM kuji.token
 WHERE id = ANY ($1::bigint[]) AND revoked_at IS NOT NULL;

-- :name draw_stored
SELECT r.n, d.n, d.i, l.leaf, p.salt
  FROM unnest($2::bigint[], $3::bigint[]) AS r (n, count)
 CROSS JOIN LATERAL generate_series(r.n, r.n + r.count - 1) AS g (n)
  JOIN kuji.draw AS d ON d.campaign_id = $1 AND d.n = g.n
  JOIN kuji.ledger AS l ON l.campaign_id = $1 AND l.i = d.i
  LEFT JOIN kuji.participant AS p
         ON p.campaign_id = $1 AND p.digest = d.participant
 ORDER BY r.n, d.n;

-- :name draw_add_leaves
INSERT INTO kuji.ledger (campaign_id, i, tenant_id, leaf)
SELECT $1, $2::bigint + u.o - 1, $3::uuid, u.leaf
  FROM unnest($4::text[]) WITH ORDINALITY AS u (leaf, o);

-- n and i are consecutive within a batch.
-- :name draw_add
INSERT INTO kuji.draw (campaign_id, n, tenant_id, i, first_n, count, key, body,
                       participant, prev_n, code)
SELECT $1, $2::bigint + u.o - 1, $3::uuid, $4::bigint + u.o - 1, u.first_n,
       u.count, u.key, u.body, u.participant, nullif(u.prev_n, 0), u.code
  FROM unnest($5::bigint[], $6::bigint[], $7::bytea[], $8::bytea[],
              $9::bytea[], $10::bigint[], $11::bytea[]) WITH ORDINALITY
       AS u (first_n, count, key, body, participant, prev_n, code, o);

-- :name draw_add_participants
INSERT INTO kuji.participant (campaign_id, digest, tenant_id, salt, last_n,
                              draws, wins, day, day_draws)
SELECT $1, u.digest, $2::uuid, u.salt, u.last_n, u.draws, u.wins, $3,
       u.day_draws
  FROM unnest($4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[],
              $8::bigint[], $9::bigint[])
       AS u (digest, salt, last_n, draws, wins, day_draws);

-- :name draw_change_participants
UPDATE kuji.participant AS p
   SET salt = u.salt, last_n = u.last_n, draws = u.draws, wins = u.wins,
       day = $2, day_draws = u.day_draws
  FROM unnest($3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[],
              $7::bigint[], $8::bigint[])
       AS u (digest, salt, last_n, draws, wins, day_draws)
 WHERE p.campaign_id = $1 AND p.digest = u.digest;

-- :name draw_use_codes
UPDATE kuji.code AS c SET uses_left = c.uses_left - u.used
  FROM unnest($2::bytea[], $3::bigint[]) AS u (digest, used)
 WHERE c.campaign_id = $1 AND c.digest = u.digest;

-- :name draw_award
UPDATE kuji.prize AS p
   SET units_left = p.units_left - u.units, awarded = p.awarded + u.units
  FROM unnest($2::bigint[], $3::bigint[]) AS u (pos, units)
 WHERE p.campaign_id = $1 AND p.pos = u.pos;

-- :name draw_add_claims
INSERT INTO kuji.claim (campaign_id, n, tenant_id, pos, updated_at)
SELECT $1, u.n, $2::uuid, u.pos, $3
  FROM unnest($4::bigint[], $5::bigint[]) AS u (n, pos);

-- :name draw_add_nodes
INSERT INTO kuji.ledger_node (campaign_id, level, idx, tenant_id, hash)
SELECT $1, u.level, u.idx, $2::uuid, u.hash
  FROM unnest($3::bigint[], $4::bigint[], $5::bytea[]) AS u (level, idx, hash);

-- :name draw_update
UPDATE kuji.campaign
   SET next_n = $2, size = $3, edge = $4, last_t = $5, blanks_left = $6,
       day = $7, day_draws = $8
 WHERE id = $1;
