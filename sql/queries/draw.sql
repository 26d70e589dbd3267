-- The batch of draws (store/batch*.c). One campaign, its row locked first.

-- A locked campaign must not hold a committer for long: 300 ms, then its draws
-- go back behind the others.
-- :name draw_begin
SELECT set_config('kuji.tenant', $1, true),
       set_config('lock_timeout', '300ms', true);

-- :name draw_lock
SELECT status, next_n, size, edge, blanks_left, day, day_draws,
       raffled_at IS NOT NULL, last_t
  FROM kuji.campaign WHERE id = $1 FOR NO KEY UPDATE;

-- After the lock, in a statement of its own: t never decreases, and the day is
-- that of t where the campaign lives. One row a prize, in the manifest's order;
-- the first three columns are the same in all of them. A statement more would
-- cost each batch some 15 us of PostgreSQL.
-- :name draw_facts
SELECT c.t, c.day, c.revoked, p.units_left, p.awarded, p.added
  FROM (SELECT t, (to_timestamp(t / 1000.0) AT TIME ZONE timezone)::date
                    - DATE '1970-01-01' AS day,
               array_to_string(ARRAY(
                   SELECT id FROM kuji.token
                    WHERE id = ANY ($2::bigint[]) AND revoked_at IS NOT NULL),
                   ',') AS revoked
          FROM (SELECT timezone, greatest(last_t,
                       floor(extract(epoch FROM clock_timestamp()) * 1000)
                           ::bigint) AS t
                  FROM kuji.campaign WHERE id = $1 OFFSET 0) AS k
        OFFSET 0) AS c
 CROSS JOIN kuji.prize AS p
 WHERE p.campaign_id = $1 ORDER BY p.pos;

-- Look-ups by array. "digest = ANY ($2)" would do, but for a small or unknown
-- campaign PostgreSQL reads all its rows and filters; a row at a time (OFFSET 0
-- keeps it so) leaves no other plan than the whole index (sql/test/plans.sql).
-- :name draw_keys
SELECT d.key, d.body, d.n, d.count
  FROM unnest($2::bytea[]) AS u (key)
 CROSS JOIN LATERAL (SELECT * FROM kuji.draw
                      WHERE campaign_id = $1 AND key = u.key OFFSET 0) AS d;

-- :name draw_participants
SELECT p.digest, p.salt, p.last_n, p.draws, p.wins, p.day, p.day_draws
  FROM unnest($2::bytea[]) AS u (digest)
 CROSS JOIN LATERAL (SELECT * FROM kuji.participant
                      WHERE campaign_id = $1 AND digest = u.digest OFFSET 0)
            AS p;

-- :name draw_codes
SELECT c.digest, c.uses_left, b.disabled, c.batch_id
  FROM unnest($2::bytea[]) AS u (digest)
 CROSS JOIN LATERAL (SELECT * FROM kuji.code
                      WHERE campaign_id = $1 AND digest = u.digest OFFSET 0)
            AS c
  JOIN kuji.code_batch AS b ON b.id = c.batch_id;

-- :name draw_links
SELECT l.digest, l.uses_left, l.expires_at, l.session
  FROM unnest($2::bytea[]) AS u (digest)
 CROSS JOIN LATERAL (SELECT * FROM kuji.link
                      WHERE campaign_id = $1 AND digest = u.digest OFFSET 0)
            AS l;

-- :name draw_stored
SELECT r.n, d.n, d.i, l.leaf, p.salt
  FROM unnest($2::bigint[], $3::bigint[]) AS r (n, count)
 CROSS JOIN LATERAL generate_series(r.n, r.n + r.count - 1) AS g (n)
 CROSS JOIN LATERAL (SELECT * FROM kuji.draw
                      WHERE campaign_id = $1 AND n = g.n OFFSET 0) AS d
 CROSS JOIN LATERAL (SELECT * FROM kuji.ledger
                      WHERE campaign_id = $1 AND i = d.i OFFSET 0) AS l
  LEFT JOIN LATERAL (SELECT * FROM kuji.participant
                      WHERE campaign_id = $1 AND digest = d.participant
                     OFFSET 0) AS p ON true
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

-- An UPDATE that joins the arrays may be planned the wrong way round too; an
-- INSERT that always conflicts goes by the key.
-- :name draw_change_participants
INSERT INTO kuji.participant (campaign_id, digest, tenant_id, salt, last_n,
                              draws, wins, day, day_draws)
SELECT $1, u.digest, current_setting('kuji.tenant')::uuid, u.salt, u.last_n,
       u.draws, u.wins, $2, u.day_draws
  FROM unnest($3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[],
              $7::bigint[], $8::bigint[])
       AS u (digest, salt, last_n, draws, wins, day_draws)
    ON CONFLICT (campaign_id, digest) DO UPDATE
   SET salt = excluded.salt, last_n = excluded.last_n, draws = excluded.draws,
       wins = excluded.wins, day = excluded.day, day_draws = excluded.day_draws;

-- :name draw_use_codes
INSERT INTO kuji.code (campaign_id, digest, tenant_id, batch_id, uses_left)
SELECT $1, c.digest, c.tenant_id, c.batch_id, c.uses_left - u.used
  FROM unnest($2::bytea[], $3::bigint[]) AS u (digest, used)
 CROSS JOIN LATERAL (SELECT * FROM kuji.code
                      WHERE campaign_id = $1 AND digest = u.digest OFFSET 0)
            AS c
    ON CONFLICT (campaign_id, digest) DO UPDATE
   SET uses_left = excluded.uses_left;

-- As draw_use_codes; whoever draws by a link first is the one who may.
-- :name draw_use_links
INSERT INTO kuji.link (campaign_id, expires_at, created_at, uses, uses_left,
                       tenant_id, digest, participant, session, sealed)
SELECT $1, l.expires_at, l.created_at, l.uses, l.uses_left - u.used,
       l.tenant_id, l.digest, l.participant, u.session, l.sealed
  FROM unnest($2::bytea[], $3::bigint[], $4::bytea[])
       AS u (digest, used, session)
 CROSS JOIN LATERAL (SELECT * FROM kuji.link
                      WHERE campaign_id = $1 AND digest = u.digest OFFSET 0)
            AS l
    ON CONFLICT (campaign_id, digest) DO UPDATE
   SET uses_left = excluded.uses_left, session = excluded.session;

-- :name draw_add_link_draws
INSERT INTO kuji.link_draw (campaign_id, n, tenant_id, link)
SELECT $1, u.n, $2::uuid, u.link
  FROM unnest($3::bigint[], $4::bytea[]) AS u (n, link);

-- :name draw_spend_codes
UPDATE kuji.code_batch AS b
   SET spent = b.spent + u.used
  FROM unnest($2::bigint[], $3::bigint[]) AS u (id, used)
 WHERE b.campaign_id = $1 AND b.id = u.id;

-- $2: units won by place in the manifest, from 0; only the places in $3 change.
-- :name draw_award
UPDATE kuji.prize
   SET units_left = units_left - ($2::bigint[])[pos + 1],
       awarded = awarded + ($2::bigint[])[pos + 1]
 WHERE campaign_id = $1 AND pos = ANY ($3::bigint[]);

-- :name draw_add_claims
INSERT INTO kuji.claim (campaign_id, n, tenant_id, pos, updated_at)
SELECT $1, u.n, $2::uuid, u.pos, $3
  FROM unnest($4::bigint[], $5::bigint[]) AS u (n, pos);

-- The same where participants came by the e-mail gate: whoever won is mailed.
-- $7: ms for which the mail is of use.
-- :name draw_add_claims_mailed
WITH w AS (
    SELECT u.n, u.pos, u.participant
      FROM unnest($4::bigint[], $5::bigint[], $6::bytea[])
           AS u (n, pos, participant)
), c AS (
    INSERT INTO kuji.claim (campaign_id, n, tenant_id, pos, updated_at)
    SELECT $1::bigint, w.n, $2::uuid, w.pos, $3::bigint FROM w
)
INSERT INTO kuji.outbox (campaign_id, tenant_id, kind, n, participant,
                         created_at, due_at, expires_at)
SELECT $1::bigint, $2::uuid, 'win', w.n, w.participant, $3::bigint, $3::bigint,
       $3::bigint + $7::bigint
  FROM w
 CROSS JOIN LATERAL (SELECT FROM kuji.participant_mail
                      WHERE campaign_id = $1::bigint AND digest = w.participant
                     OFFSET 0) AS m;

-- The same where participants came by LINE, the stronger of the two.
-- :name draw_add_claims_told
WITH w AS (
    SELECT u.n, u.pos, u.participant
      FROM unnest($4::bigint[], $5::bigint[], $6::bytea[])
           AS u (n, pos, participant)
), c AS (
    INSERT INTO kuji.claim (campaign_id, n, tenant_id, pos, updated_at)
    SELECT $1::bigint, w.n, $2::uuid, w.pos, $3::bigint FROM w
)
INSERT INTO kuji.outbox (campaign_id, tenant_id, kind, n, participant,
                         created_at, due_at, expires_at, channel)
SELECT $1::bigint, $2::uuid, 'win', w.n, w.participant, $3::bigint, $3::bigint,
       $3::bigint + $7::bigint,
       CASE WHEN l.digest IS NULL THEN 'mail' ELSE 'line' END
  FROM w
  LEFT JOIN LATERAL (SELECT digest FROM kuji.participant_line
                      WHERE campaign_id = $1::bigint AND digest = w.participant
                     OFFSET 0) AS l ON true
  LEFT JOIN LATERAL (SELECT digest FROM kuji.participant_mail
                      WHERE campaign_id = $1::bigint AND digest = w.participant
                     OFFSET 0) AS m ON true
 WHERE l.digest IS NOT NULL OR m.digest IS NOT NULL;

-- :name draw_add_nodes
INSERT INTO kuji.ledger_node (campaign_id, level, idx, tenant_id, hash)
SELECT $1, u.level, u.idx, $2::uuid, u.hash
  FROM unnest($3::bigint[], $4::bigint[], $5::bytea[]) AS u (level, idx, hash);

-- :name draw_update
UPDATE kuji.campaign
   SET next_n = $2, size = $3, edge = $4, last_t = $5, blanks_left = $6,
       day = $7, day_draws = $8
 WHERE id = $1;
