-- People: found by what they give, shown, forgotten (store/person.c,
-- erase.c, retention.c).
-- Claims with one of the digests; $3: of one campaign, 0: of all.
-- :name person_by_digest
SELECT slug, title, n, who FROM (
SELECT DISTINCT ON (c.slug, coalesce(d.participant, 'n' || i.n::text::bytea))
       c.slug, f.config ->> 'title' AS title, i.n,
       encode(d.participant, 'hex')::uuid AS who
  FROM unnest($2::bytea[]) AS u (digest)
 CROSS JOIN LATERAL (SELECT * FROM kuji.identifier
                      WHERE tenant_id = $1::uuid AND digest = u.digest
                     OFFSET 0) AS i
  JOIN kuji.campaign c ON c.id = i.campaign_id
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
  JOIN kuji.draw d ON d.campaign_id = i.campaign_id AND d.n = i.n
 WHERE $3::int8 = 0 OR i.campaign_id = $3::int8
 ORDER BY c.slug, coalesce(d.participant, 'n' || i.n::text::bytea), i.n DESC
 LIMIT $4::int8) AS found
 ORDER BY slug, n DESC;
-- Participants by their digests: those who drew, and those whom a gate has asked
-- who they are. Of a tombstone nothing but counters is left.
-- :name person_known
SELECT c.slug, f.config ->> 'title', coalesce(p.last_n, 0),
       encode(u.digest, 'hex')::uuid, p.salt IS NOT NULL,
       coalesce(p.draws, 0), coalesce(p.wins, 0)
  FROM unnest($1::int8[], $2::bytea[]) AS u (campaign_id, digest)
  LEFT JOIN LATERAL (SELECT * FROM kuji.participant
                      WHERE campaign_id = u.campaign_id AND digest = u.digest
                     OFFSET 0) AS p ON true
  JOIN kuji.campaign c ON c.id = u.campaign_id
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
 WHERE p.last_n IS NOT NULL
    OR EXISTS (SELECT FROM kuji.participant_mail m WHERE m.campaign_id = u.campaign_id AND m.digest = u.digest)
    OR EXISTS (SELECT FROM kuji.participant_line m WHERE m.campaign_id = u.campaign_id AND m.digest = u.digest)
 ORDER BY c.slug
 LIMIT $3::int8;
-- :name person_campaigns
SELECT id, uuid FROM kuji.campaign
 WHERE tenant_id = $1::uuid AND status <> 'draft'
   AND ($2::int8 = 0 OR id = $2::int8)
 ORDER BY id;
-- Where names may be looked through, the newest campaign first.
-- :name person_name_campaigns
SELECT c.id, c.uuid, c.slug, f.config ->> 'title', c.next_n
  FROM kuji.campaign c
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
 WHERE c.tenant_id = $1::uuid AND c.status <> 'draft'
   AND ($2::int8 = 0 OR c.id = $2::int8)
   AND NOT EXISTS (SELECT FROM kuji.erasure e
                    WHERE e.campaign_id = c.id AND e.cause = 'retention')
 ORDER BY c.id DESC;
-- A stretch of what a campaign's winners gave, the newest first.
-- :name person_names
SELECT n, data FROM kuji.claim_detail
 WHERE campaign_id = $1::int8 AND n < $2::int8
 ORDER BY n DESC LIMIT $3::int8;
-- :name person_of_draws
SELECT w.n, encode(d.participant, 'hex')::uuid
  FROM unnest($2::int8[]) AS w (n)
 CROSS JOIN LATERAL (SELECT participant FROM kuji.draw
                      WHERE campaign_id = $1::int8 AND n = w.n OFFSET 0) AS d
 ORDER BY w.n DESC;
-- :name person_of_draw
SELECT d.participant, p.salt IS NOT NULL, coalesce(p.draws, 0),
       coalesce(p.wins, 0), coalesce(p.last_n, 0)
  FROM kuji.draw d
  LEFT JOIN kuji.participant p ON p.campaign_id = d.campaign_id
                              AND p.digest = d.participant
 WHERE d.campaign_id = $1::int8 AND d.n = $2::int8;
-- :name person_lock
SELECT id, uuid, status FROM kuji.campaign
 WHERE tenant_id = $1::uuid AND slug = $2::text AND status <> 'draft'
   FOR NO KEY UPDATE;
-- All draws of a participant, back from the newest one.
-- :name person_draws
WITH RECURSIVE mine (n, prev_n) AS (
    SELECT d.n, d.prev_n FROM kuji.draw d
     WHERE d.campaign_id = $1::int8 AND d.n = (
           SELECT p.last_n FROM kuji.participant p
            WHERE p.campaign_id = $1::int8 AND p.digest = $2::bytea)
    UNION ALL
    SELECT d.n, d.prev_n FROM mine m
     CROSS JOIN LATERAL (SELECT n, prev_n FROM kuji.draw
                          WHERE campaign_id = $1::int8 AND n = m.prev_n
                         OFFSET 0) AS d)
SELECT m.n, c.state, p.code
  FROM mine m
  LEFT JOIN LATERAL (SELECT pos, state FROM kuji.claim
                      WHERE campaign_id = $1::int8 AND n = m.n OFFSET 0) AS c ON true
  LEFT JOIN kuji.prize p ON p.campaign_id = $1::int8 AND p.pos = c.pos
 ORDER BY m.n DESC LIMIT $3::int8;
-- :name person_unlink
UPDATE kuji.draw
   SET participant = NULL,
       body = CASE WHEN body IS NOT NULL THEN uuid_send(gen_random_uuid()) END
 WHERE campaign_id = $1::int8 AND n = ANY ($2::int8[]);
-- What gates keep of a participant, and what was to be mailed. A mail about a
-- draw is found by that draw.
-- :name person_forget_gates
WITH mails AS (
    DELETE FROM kuji.outbox o USING unnest($3::int8[]) AS u (n)
     WHERE o.campaign_id = $1::int8 AND o.n = u.n
       AND o.kind IN ('win', 'remind', 'claimed', 'shipped')
), address AS (
    DELETE FROM kuji.participant_mail WHERE campaign_id = $1::int8 AND digest = $2::bytea
), line AS (
    DELETE FROM kuji.participant_line WHERE campaign_id = $1::int8 AND digest = $2::bytea
), payments AS (
    UPDATE kuji.payment SET participant = NULL
     WHERE campaign_id = $1::int8 AND participant = $2::bytea)
DELETE FROM kuji.link WHERE campaign_id = $1::int8 AND participant = $2::bytea;
-- :name person_tombstone
UPDATE kuji.participant
   SET salt = NULL, last_n = NULL, erased_at = kuji_api.now_ms()
 WHERE campaign_id = $1::int8 AND digest = $2::bytea;
-- :name person_remove
DELETE FROM kuji.participant
 WHERE campaign_id = $1::int8 AND digest = $2::bytea;
-- Mails and messages about draws, the oldest first.
-- :name person_mails
SELECT o.kind, o.n, o.state, o.created_at, o.ended_at, o.channel = 'line'
  FROM unnest($2::int8[]) AS u (n)
 CROSS JOIN LATERAL (SELECT * FROM kuji.outbox
                      WHERE campaign_id = $1::int8 AND n = u.n
                        AND kind IN ('win', 'remind', 'claimed', 'shipped')
                     OFFSET 0) AS o
 ORDER BY o.created_at, o.n, o.kind;
-- :name person_forget_identifiers
DELETE FROM kuji.identifier
 WHERE campaign_id = $1::int8 AND n = ANY ($2::int8[]);
-- :name person_forget_details
UPDATE kuji.claim_detail
   SET data = NULL, tracking = NULL, erased_at = kuji_api.now_ms(),
       updated_at = kuji_api.now_ms(), version = version + 1
 WHERE campaign_id = $1::int8 AND n = ANY ($2::int8[]) AND erased_at IS NULL;
-- :name person_forget_gifts
UPDATE kuji.gift_code SET sealed = NULL, changed_at = kuji_api.now_ms()
 WHERE campaign_id = $1::int8 AND n = ANY ($2::int8[])
   AND state <> 'free' AND sealed IS NOT NULL;
-- :name person_erasure
INSERT INTO kuji.erasure (id, campaign_id, tenant_id, at, cause, draws, claims,
                          tombstone)
VALUES ($1::uuid, $2::int8, $3::uuid, kuji_api.now_ms(), $4::text, $5::int8,
        $6::int8, $7::bytea)
RETURNING at;
-- :name person_receipt
SELECT at, draws, claims FROM kuji.erasure
 WHERE campaign_id = $1::int8 AND id = $2::uuid AND cause = 'request';
-- Campaigns whose time to keep personal data is over, and how far each has
-- come: an erasure that was broken off is gone on with.
-- :name retention_due
SELECT c.id, c.uuid, c.next_n, (f.config #>> '{privacy,retention_days}')::int8,
       coalesce(r.next_n, 1)
  FROM kuji.campaign c
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
  LEFT JOIN kuji.retention r ON r.campaign_id = c.id
 WHERE c.tenant_id = $1::uuid AND c.status = 'closed'
   AND (f.config #>> '{privacy,retention_days}') IS NOT NULL
   AND c.closed_at + (f.config #>> '{privacy,retention_days}')::int8 * 86400000
       <= kuji_api.now_ms()
   AND NOT EXISTS (SELECT FROM kuji.erasure e
                    WHERE e.campaign_id = c.id AND e.cause = 'retention')
 ORDER BY c.id;
-- What draws $2 to $3 - 1 of a closed campaign say of people. Adds what it
-- changed to the campaign's sums.
-- :name retention_span
WITH identifiers AS (
    DELETE FROM kuji.identifier
     WHERE campaign_id = $1::int8 AND n >= $2::int8 AND n < $3::int8
), details AS (
    UPDATE kuji.claim_detail
       SET data = NULL, tracking = NULL, erased_at = kuji_api.now_ms(),
           updated_at = kuji_api.now_ms(), version = version + 1
     WHERE campaign_id = $1::int8 AND n >= $2::int8 AND n < $3::int8
       AND erased_at IS NULL
    RETURNING 1
), gifts AS (
    UPDATE kuji.gift_code SET sealed = NULL, changed_at = kuji_api.now_ms()
     WHERE campaign_id = $1::int8 AND n >= $2::int8 AND n < $3::int8
       AND state = 'assigned' AND sealed IS NOT NULL
), draws AS (
    UPDATE kuji.draw
       SET participant = NULL,
           body = CASE WHEN body IS NOT NULL THEN uuid_send(gen_random_uuid()) END
     WHERE campaign_id = $1::int8 AND n >= $2::int8 AND n < $3::int8
       AND participant IS NOT NULL
    RETURNING 1
)
INSERT INTO kuji.retention AS r (campaign_id, tenant_id, next_n, draws, claims)
SELECT $1::int8, $4::uuid, $3::int8, (SELECT count(*) FROM draws),
       (SELECT count(*) FROM details)
    ON CONFLICT (campaign_id) DO UPDATE
   SET next_n = excluded.next_n, draws = r.draws + excluded.draws,
       claims = r.claims + excluded.claims;
-- Links that nobody drew by are of nobody who is a participant.
-- :name retention_links
WITH payments AS (
    UPDATE kuji.payment SET participant = NULL
     WHERE campaign_id = $1::int8 AND participant IS NOT NULL)
DELETE FROM kuji.link WHERE campaign_id = $1::int8;
-- What the receipt counts.
-- :name retention_sums
DELETE FROM kuji.retention WHERE campaign_id = $1::int8 RETURNING draws, claims;
-- The next participants after digest $2, with their consents; the last of them
-- goes on.
-- :name retention_people
WITH u AS MATERIALIZED (
    SELECT digest FROM kuji.participant
     WHERE campaign_id = $1::int8 AND digest > $2::bytea
     ORDER BY digest LIMIT $3::int8
), consents AS (
    DELETE FROM kuji.consent c USING u
     WHERE c.campaign_id = $1::int8 AND c.participant = u.digest
), gone AS (
    DELETE FROM kuji.participant p USING u
     WHERE p.campaign_id = $1::int8 AND p.digest = u.digest
    RETURNING p.digest)
SELECT (array_agg(digest ORDER BY digest DESC))[1] FROM gone;
-- Tombstones of closed campaigns: no limit counts any more. One who came back
-- after the erasure has a salt again and stays.
-- :name retention_tombstones
WITH buried AS (
    SELECT e.id, e.campaign_id, e.tombstone
      FROM kuji.erasure e
      JOIN kuji.campaign c ON c.id = e.campaign_id
     WHERE c.tenant_id = $1::uuid AND c.status = 'closed'
       AND e.tombstone IS NOT NULL
     LIMIT 1000
), gone AS (
    DELETE FROM kuji.participant p USING buried b
     WHERE p.campaign_id = b.campaign_id AND p.digest = b.tombstone
       AND p.salt IS NULL
)
UPDATE kuji.erasure e SET tombstone = NULL FROM buried b WHERE e.id = b.id;
