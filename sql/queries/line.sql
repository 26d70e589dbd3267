-- A tenant's settings for LINE, and participants who came by it
-- (store/line.c).
-- :name line_get
SELECT version, config, secret, bot_secret, updated_at FROM kuji.line
 WHERE tenant_id = $1::uuid;
-- :name line_lock
SELECT version, config, secret, bot_secret FROM kuji.line
 WHERE tenant_id = $1::uuid
   FOR UPDATE;
-- :name line_add
INSERT INTO kuji.line (tenant_id, updated_at, version, config, secret, bot_secret)
VALUES ($1::uuid, kuji_api.now_ms(), 1, $2::jsonb, $3::bytea, $4::bytea)
ON CONFLICT DO NOTHING;
-- :name line_change
UPDATE kuji.line
   SET updated_at = kuji_api.now_ms(), version = version + 1,
       config = $2::jsonb, secret = $3::bytea, bot_secret = $4::bytea
 WHERE tenant_id = $1::uuid;
-- :name line_person_get
SELECT verified_at, person FROM kuji.participant_line
 WHERE campaign_id = $1::int8 AND digest = $2::bytea;
-- What is sealed of somebody whose consent to the keeping of name and picture
-- holds.
-- :name line_person_agreed
SELECT p.person FROM kuji.participant_line p
 WHERE p.campaign_id = $1::int8 AND p.digest = $2::bytea
   AND EXISTS (SELECT FROM kuji.consent c
                 JOIN kuji.consent_text t ON t.campaign_id = c.campaign_id AND t.digest = c.digest
                WHERE c.campaign_id = $1::int8 AND c.participant = $2::bytea
                  AND c.withdrawn_at IS NULL AND t.kind = 'profile')
   FOR NO KEY UPDATE OF p;
-- :name line_person_reseal
UPDATE kuji.participant_line SET person = $3::bytea
 WHERE campaign_id = $1::int8 AND digest = $2::bytea;
-- :name line_person_put
INSERT INTO kuji.participant_line
       (campaign_id, digest, tenant_id, verified_at, is_friend, person,
        line_user, language, base)
VALUES ($1::int8, $2::bytea, $3::uuid, kuji_api.now_ms(), $4::bool, $5::bytea,
        $6::bytea, $7::text, $8::text)
ON CONFLICT (campaign_id, digest)
DO UPDATE SET verified_at = excluded.verified_at,
              is_friend = coalesce(excluded.is_friend,
                                   kuji.participant_line.is_friend),
              person = excluded.person,
              line_user = excluded.line_user,
              language = coalesce(excluded.language,
                                  kuji.participant_line.language),
              base = coalesce(excluded.base, kuji.participant_line.base);
-- The webhook (store/line_hook.c). Ids of events that are new; $2: theirs.
-- :name line_events_add
INSERT INTO kuji.line_event (tenant_id, id, at)
SELECT $1::uuid, u.id, kuji_api.now_ms() FROM unnest($2::text[]) AS u (id)
 ORDER BY u.id
ON CONFLICT DO NOTHING
RETURNING id;
-- Who follows the account, or has ceased to (person null), $3 saying when; what
-- came late changes nothing.
-- :name line_friends_put
WITH put AS (
    INSERT INTO kuji.line_friend AS f (tenant_id, line_user, at, is_friend, person)
    SELECT DISTINCT ON (u.line_user)
           $1::uuid, u.line_user, u.at, u.person IS NOT NULL, u.person
      FROM unnest($2::bytea[], $3::int8[], $4::bytea[])
           AS u (line_user, at, person)
     ORDER BY u.line_user, u.at DESC
    ON CONFLICT (tenant_id, line_user)
    DO UPDATE SET at = excluded.at, is_friend = excluded.is_friend,
                  person = excluded.person
     WHERE f.at <= excluded.at
    RETURNING line_user, is_friend)
UPDATE kuji.participant_line p
   SET is_friend = put.is_friend
  FROM put
 WHERE p.tenant_id = $1::uuid AND p.line_user = put.line_user
   AND p.is_friend IS DISTINCT FROM put.is_friend;
-- The campaign that a keyword leads to: the one of that slug, or the one that
-- has opened last.
-- :name line_campaign
SELECT id FROM kuji.campaign
 WHERE tenant_id = $1::uuid
   AND CASE WHEN $2::text = ''
            THEN status = 'published' AND opens_at <= kuji_api.now_ms()
                 AND closes_at > kuji_api.now_ms()
            ELSE slug = $2::text AND status <> 'draft' END
 ORDER BY opens_at DESC, id DESC LIMIT 1;
-- :name line_friends_count
SELECT count(*) FILTER (WHERE is_friend), count(*) FILTER (WHERE NOT is_friend)
  FROM kuji.line_friend WHERE tenant_id = $1::uuid;
-- Whose keywords may be answered: not if one was in the last $5 ms.
-- :name line_answers
INSERT INTO kuji.line_friend AS f (tenant_id, line_user, at, answered_at, is_friend, person)
SELECT DISTINCT ON (u.line_user)
       $1::uuid, u.line_user, u.at, kuji_api.now_ms(), true, u.person
  FROM unnest($2::bytea[], $3::int8[], $4::bytea[]) AS u (line_user, at, person)
 ORDER BY u.line_user, u.at
ON CONFLICT (tenant_id, line_user)
DO UPDATE SET answered_at = excluded.answered_at
 WHERE f.answered_at IS NULL OR f.answered_at <= excluded.answered_at - $5::int8
RETURNING line_user;
-- :name line_events_sweep
DELETE FROM kuji.line_event
 WHERE tenant_id = $1::uuid AND at < kuji_api.now_ms() - $2::int8;
