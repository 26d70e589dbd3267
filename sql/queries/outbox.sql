-- Mails and messages by LINE: what is to be sent, and what became of it
-- (store/outbox*.c).
-- Draws about which those who made them are told, as far as it is known where
-- they read it: by a gate, else by what was given for the win (outbox_form). A
-- second time changes nothing. $5: ms for which it is of use.
-- :name outbox_draws
INSERT INTO kuji.outbox (campaign_id, tenant_id, kind, n, participant, created_at, due_at, expires_at, channel,
                         language, base)
SELECT $1::int8, $2::uuid, $3::text, u.n, d.participant, c.now, c.now, c.now + $5::int8,
       CASE WHEN l.digest IS NULL THEN 'mail' ELSE 'line' END,
       CASE WHEN m.digest IS NULL AND l.digest IS NULL THEN w.language END,
       CASE WHEN m.digest IS NULL AND l.digest IS NULL THEN w.base END
  FROM (SELECT kuji_api.now_ms() AS now OFFSET 0) AS c
 CROSS JOIN unnest($4::int8[]) AS u (n)
 CROSS JOIN LATERAL (SELECT participant FROM kuji.draw
                      WHERE campaign_id = $1::int8 AND n = u.n OFFSET 0) AS d
  LEFT JOIN LATERAL (SELECT digest FROM kuji.participant_mail
                      WHERE campaign_id = $1::int8 AND digest = d.participant
                     OFFSET 0) AS m ON true
  LEFT JOIN LATERAL (SELECT digest FROM kuji.participant_line
                      WHERE campaign_id = $1::int8 AND digest = d.participant
                     OFFSET 0) AS l ON true
  LEFT JOIN LATERAL (SELECT language, base FROM kuji.outbox
                      WHERE campaign_id = $1::int8 AND kind = 'win' AND n = u.n
                        AND participant = d.participant AND base IS NOT NULL
                     OFFSET 0) AS w ON true
 WHERE l.digest IS NOT NULL OR m.digest IS NOT NULL OR w.base IS NOT NULL
    ON CONFLICT DO NOTHING;
-- A win whose winner gave an address with the claim, and none at a gate; another
-- address is tried at once. What has left stays as it is. LINE comes first for
-- who came by it: this is for what it will not deliver.
-- :name outbox_form
INSERT INTO kuji.outbox AS o (campaign_id, tenant_id, kind, n, participant, created_at, due_at, expires_at, language,
                              base)
SELECT $1::int8, $2::uuid, $3::text, $4::int8, $5::bytea, c.now, c.now, c.now + $6::int8, $7::text, $8::text
  FROM (SELECT kuji_api.now_ms() AS now OFFSET 0) AS c
 WHERE NOT EXISTS (SELECT FROM kuji.participant_mail
                    WHERE campaign_id = $1::int8 AND digest = $5::bytea)
   AND (NOT EXISTS (SELECT FROM kuji.participant_line
                     WHERE campaign_id = $1::int8 AND digest = $5::bytea)
        OR EXISTS (SELECT FROM kuji.outbox w
                    WHERE w.campaign_id = $1::int8 AND w.kind = $3::text AND w.n = $4::int8
                      AND (w.channel = 'mail'
                           OR w.state IN ('bounced', 'gave_up') AND w.reason IS DISTINCT FROM 'nobody knows')))
    ON CONFLICT (campaign_id, kind, n) WHERE n IS NOT NULL DO UPDATE
   SET state = 'queued', ended_at = NULL, tries = 0, reason = NULL, due_at = excluded.due_at,
       expires_at = excluded.expires_at, channel = 'mail', handed_at = NULL
 WHERE o.state IN ('queued', 'bounced', 'gave_up');
-- To an address of its own.
-- :name outbox_add
INSERT INTO kuji.outbox (id, campaign_id, tenant_id, kind, created_at, due_at, expires_at, language, base,
                         address, data)
SELECT $1::uuid, $2::int8, $3::uuid, $4::text, now, now, now + $5::int8, $6::text, $7::text, $8::bytea, $9::bytea
  FROM (SELECT kuji_api.now_ms() AS now OFFSET 0) AS c;
-- Answers to messages, whose tokens are good for a minute: before all else that
-- is due.
-- :name outbox_answers
INSERT INTO kuji.outbox (id, campaign_id, tenant_id, kind, created_at, due_at, expires_at, language, base,
                         address, data, channel)
SELECT u.id::uuid, $1::int8, $2::uuid, 'keyword', c.now, 0, c.now + $3::int8, $4::text, $5::text, u.address, u.data,
       'line'
  FROM (SELECT kuji_api.now_ms() AS now OFFSET 0) AS c
 CROSS JOIN unnest($6::text[], $7::bytea[], $8::bytea[]) AS u (id, address, data);
-- :name outbox_tenants
SELECT tenant_id FROM kuji_api.outbox_due($1::text, kuji_api.now_ms());
-- :name outbox_waits
SELECT kuji_api.outbox_waits($1::text, kuji_api.now_ms());
-- The next ones of a tenant and channel ($4), at most $2: being sent for at most
-- $3 ms.
-- :name outbox_take
WITH due AS (
    SELECT o.id, c.now
      FROM (SELECT kuji_api.now_ms() AS now OFFSET 0) AS c
     CROSS JOIN LATERAL (SELECT id FROM kuji.outbox
                          WHERE tenant_id = $1::uuid AND channel = $4::text
                            AND state IN ('queued', 'sending') AND due_at <= c.now
                          ORDER BY urgent DESC, due_at LIMIT $2::int8
                            FOR UPDATE SKIP LOCKED) AS o)
UPDATE kuji.outbox AS o
   SET state = CASE WHEN o.expires_at <= due.now THEN 'gave_up' ELSE 'sending' END,
       reason = CASE WHEN o.expires_at <= due.now THEN coalesce(o.reason, 'too late') ELSE o.reason END,
       ended_at = CASE WHEN o.expires_at <= due.now THEN due.now END,
       address = CASE WHEN o.expires_at > due.now THEN o.address END,
       data = CASE WHEN o.expires_at > due.now THEN o.data END,
       tries = least(o.tries + 1, 30000), due_at = due.now + $3::int8
  FROM due
 WHERE o.id = due.id
RETURNING CASE WHEN o.state = 'sending' THEN o.id END;
-- All that a mail says. Draws without their participant were erased.
-- :name outbox_read
SELECT o.id, o.kind, o.n, o.tries, coalesce(o.language, m.language, l.language), coalesce(o.base, m.base, l.base),
       o.address, m.address, o.participant, o.data, c.uuid, c.slug, c.timezone, f.config, k.pos, k.state,
       k.updated_at, e.tracking, kuji_api.now_ms(), t.title, o.created_at, e.data, o.handed_at,
       CASE WHEN o.channel = 'line' THEN l.person END, l.is_friend
  FROM kuji.outbox o
  JOIN kuji.campaign c ON c.id = o.campaign_id
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
  JOIN kuji.tenant t ON t.id = o.tenant_id
  LEFT JOIN kuji.participant_mail m ON m.campaign_id = o.campaign_id AND m.digest = o.participant
                                   AND o.channel = 'mail'
  LEFT JOIN kuji.participant_line l ON l.campaign_id = o.campaign_id AND l.digest = o.participant
  LEFT JOIN kuji.claim k ON k.campaign_id = o.campaign_id AND k.n = o.n
  LEFT JOIN kuji.claim_detail e ON e.campaign_id = o.campaign_id AND e.n = o.n
 WHERE o.id = ANY ($1::text[]::uuid[]) AND o.state = 'sending'
 ORDER BY o.urgent DESC, o.created_at, o.n;
-- What became of one that was taken. $2: its state, $3: the reason, $4: ms from
-- now until the next try, $5: tries to be taken back, $6: it may have gone.
-- :name outbox_end
UPDATE kuji.outbox
   SET state = $2::text, reason = $3::text, due_at = kuji_api.now_ms() + $4::int8, tries = tries - $5::int8::int2,
       handed_at = CASE WHEN $6::bool THEN handed_at END,
       ended_at = CASE WHEN $2::text <> 'queued' THEN kuji_api.now_ms() END,
       address = CASE WHEN $2::text = 'queued' THEN address END, data = CASE WHEN $2::text = 'queued' THEN data END
 WHERE id = $1::uuid AND state = 'sending';
-- Where else a message could go that LINE has not delivered and will not: to an
-- address of a gate, or one that was given for the win.
-- :name outbox_elsewhere
SELECT m.digest IS NOT NULL, c.uuid, o.n, e.data
  FROM kuji.outbox o
  JOIN kuji.campaign c ON c.id = o.campaign_id
  LEFT JOIN kuji.participant_mail m ON m.campaign_id = o.campaign_id AND m.digest = o.participant
  LEFT JOIN kuji.claim_detail e ON e.campaign_id = o.campaign_id AND e.n = o.n
 WHERE o.id = $1::uuid AND o.state = 'sending' AND o.channel = 'line' AND o.n IS NOT NULL;
-- It goes on there, of use for a day at least; a reminder's time is the claim's.
-- :name outbox_to_mail
UPDATE kuji.outbox
   SET channel = 'mail', state = 'queued', reason = $2::text, due_at = kuji_api.now_ms(), tries = 0,
       handed_at = NULL, data = NULL,
       expires_at = CASE WHEN kind = 'remind' THEN expires_at
                         ELSE greatest(expires_at, kuji_api.now_ms() + 86400000) END
 WHERE id = $1::uuid AND state = 'sending' AND channel = 'line';
-- What LINE is about to be given: its retry key allows the very same again.
-- :name outbox_hand
UPDATE kuji.outbox
   SET data = $2::bytea, handed_at = coalesce(handed_at, kuji_api.now_ms())
 WHERE id = $1::uuid AND state = 'sending';
-- All of a tenant and channel are kept back for $3 ms ($4: why); they stay of
-- use that much longer, but a reminder, whose time is the claim's. What is kept
-- back already, to about the same time, stays as it is: many wait, and each one
-- that comes meanwhile finds out anew.
-- :name outbox_hold
UPDATE kuji.outbox
   SET due_at = kuji_api.now_ms() + $3::int8, reason = $4::text,
       expires_at = CASE WHEN kind = 'remind' THEN expires_at
                         ELSE greatest(expires_at, kuji_api.now_ms() + $3::int8 + 86400000) END
 WHERE tenant_id = $1::uuid AND channel = $2::text AND state = 'queued' AND kind <> 'keyword'
   AND due_at < kuji_api.now_ms() + $3::int8 - least(60000, $3::int8 / 2);
-- How many of a tenant and channel are kept back by outbox_hold ($3: why), and
-- until when.
-- :name outbox_held
SELECT count(*), coalesce(max(due_at), 0) FROM kuji.outbox
 WHERE tenant_id = $1::uuid AND channel = $2::text AND state = 'queued' AND reason = $3::text
   AND due_at > kuji_api.now_ms();
-- They are due now. What expires later than it did, stays so.
-- :name outbox_release
UPDATE kuji.outbox SET due_at = kuji_api.now_ms(), reason = NULL
 WHERE tenant_id = $1::uuid AND channel = $2::text AND state = 'queued' AND reason = $3::text
   AND due_at > kuji_api.now_ms();
-- Whether whom a message is for is a friend of the account.
-- :name outbox_friend
UPDATE kuji.participant_line p
   SET is_friend = $2::bool
  FROM kuji.outbox o
 WHERE o.id = $1::uuid AND p.campaign_id = o.campaign_id AND p.digest = o.participant;
-- The console's list of a campaign, the newest first.
-- :name outbox_list
SELECT o.id, o.kind, o.n, o.state, o.tries, o.created_at, o.ended_at, o.reason, o.due_at,
       o.state IN ('bounced', 'gave_up') AND o.n IS NOT NULL
           AND (m.digest IS NOT NULL OR l.digest IS NOT NULL OR e.data IS NOT NULL),
       o.channel
  FROM kuji.outbox o
  LEFT JOIN kuji.participant_mail m ON m.campaign_id = o.campaign_id AND m.digest = o.participant
                                   AND o.channel = 'mail'
  LEFT JOIN kuji.participant_line l ON l.campaign_id = o.campaign_id AND l.digest = o.participant
                                   AND o.channel = 'line'
  LEFT JOIN kuji.claim_detail e ON e.campaign_id = o.campaign_id AND e.n = o.n AND o.channel = 'mail'
 WHERE o.campaign_id = $1::int8 AND ($2::text IS NULL OR o.state = $2::text)
 ORDER BY o.created_at DESC, o.id LIMIT $3::int8 OFFSET $4::int8;
-- :name outbox_counts
SELECT state, count(*) FROM kuji.outbox WHERE campaign_id = $1::int8 GROUP BY state;
-- A tenant's messages by LINE of the last $2 ms.
-- :name outbox_sums
SELECT CASE WHEN o.state = 'sending' THEN 'queued' ELSE o.state END AS state, count(*), o.reason
  FROM kuji.campaign c
 CROSS JOIN LATERAL (SELECT state::text, reason FROM kuji.outbox
                      WHERE campaign_id = c.id AND created_at > kuji_api.now_ms() - $2::int8 AND channel = 'line'
                     OFFSET 0) AS o
 WHERE c.tenant_id = $1::uuid
 GROUP BY 1, 3 ORDER BY 2 DESC, 1, 3;
-- One that failed, once more.
-- :name outbox_again
UPDATE kuji.outbox o
   SET state = 'queued', ended_at = NULL, tries = 0, reason = NULL, handed_at = NULL, due_at = kuji_api.now_ms(),
       expires_at = greatest(expires_at, kuji_api.now_ms() + $3::int8)
 WHERE o.campaign_id = $1::int8 AND o.id = $2::uuid AND o.state IN ('bounced', 'gave_up')
   AND o.n IS NOT NULL
   AND (o.channel = 'mail'
        AND EXISTS (SELECT FROM kuji.participant_mail m
                     WHERE m.campaign_id = o.campaign_id AND m.digest = o.participant)
        OR o.channel = 'line'
        AND EXISTS (SELECT FROM kuji.participant_line l
                     WHERE l.campaign_id = o.campaign_id AND l.digest = o.participant)
        OR o.channel = 'mail'
        AND EXISTS (SELECT FROM kuji.claim_detail e
                     WHERE e.campaign_id = o.campaign_id AND e.n = o.n AND e.data IS NOT NULL))
RETURNING kind, n;
-- :name outbox_tests
SELECT count(*) FROM kuji.outbox
 WHERE campaign_id = $1::int8 AND kind = 'test' AND created_at > kuji_api.now_ms() - 3600000;
-- Wins that nobody has claimed and whose time is nearly over: their deadline is
-- $2 ms after the win, they are told $3 ms before it.
-- :name outbox_remind
INSERT INTO kuji.outbox (campaign_id, tenant_id, kind, n, participant, created_at, due_at, expires_at, channel)
SELECT $1::int8, k.tenant_id, 'remind', k.n, d.participant, c.now, c.now, k.updated_at + $2::int8,
       CASE WHEN l.digest IS NULL THEN 'mail' ELSE 'line' END
  FROM (SELECT kuji_api.now_ms() AS now OFFSET 0) AS c
 CROSS JOIN LATERAL (SELECT n, tenant_id, updated_at, pos FROM kuji.claim
                      WHERE campaign_id = $1::int8 AND state = 'won' AND updated_at <= c.now - $2::int8 + $3::int8
                        AND updated_at > c.now - $2::int8) AS k
  JOIN kuji.prize p ON p.campaign_id = $1::int8 AND p.pos = k.pos AND p.kind IN ('parcel', 'gift_code', 'coupon')
  JOIN kuji.draw d ON d.campaign_id = $1::int8 AND d.n = k.n
  LEFT JOIN kuji.participant_mail m ON m.campaign_id = $1::int8 AND m.digest = d.participant
  LEFT JOIN kuji.participant_line l ON l.campaign_id = $1::int8 AND l.digest = d.participant
 WHERE m.digest IS NOT NULL OR l.digest IS NOT NULL
    ON CONFLICT DO NOTHING;
-- :name outbox_forget_campaign
WITH mails AS (
    DELETE FROM kuji.outbox WHERE campaign_id = $1::int8
), codes AS (
    DELETE FROM kuji.mail_challenge WHERE campaign_id = $1::int8
), agreed AS (
    DELETE FROM kuji.consent c USING kuji.participant_line p
     WHERE c.campaign_id = $1::int8 AND p.campaign_id = $1::int8 AND c.participant = p.digest
), line AS (
    DELETE FROM kuji.participant_line WHERE campaign_id = $1::int8)
DELETE FROM kuji.participant_mail WHERE campaign_id = $1::int8;
-- :name outbox_where
SELECT m.address, m.language, m.base, m.verified_at FROM kuji.participant_mail m
 WHERE m.campaign_id = $1::int8 AND m.digest = $2::bytea;
-- Codes that were asked for with an address.
-- :name outbox_forget_codes
DELETE FROM kuji.mail_challenge
 WHERE campaign_id = $1::int8 AND identity = ANY ($2::bytea[]);
-- The e-mail gate (store/mail_gate.c). One question at a time for an address.
-- :name mail_gate_lock
SELECT pg_advisory_xact_lock(hashtextextended(encode($2::bytea, 'hex'), $1::int8));
-- :name mail_gate_counts
SELECT (SELECT count(*) FROM kuji.mail_challenge
         WHERE campaign_id = $1::int8 AND identity = $2::bytea AND created_at > n.now - 60000),
       (SELECT count(*) FROM kuji.mail_challenge
         WHERE campaign_id = $1::int8 AND identity = $2::bytea AND created_at > n.now - 3600000),
       (SELECT count(*) FROM kuji.mail_challenge
         WHERE campaign_id = $1::int8 AND identity = $2::bytea AND created_at > n.now - 86400000),
       (SELECT count(*) FROM kuji.mail_challenge
         WHERE campaign_id = $1::int8 AND prefix = $3::bytea AND created_at > n.now - 600000),
       (SELECT count(*) FROM kuji.mail_challenge
         WHERE campaign_id = $1::int8 AND created_at > n.now - 600000),
       (SELECT id FROM kuji.mail_challenge
         WHERE id = $4::uuid AND campaign_id = $1::int8 AND identity = $2::bytea
           AND used_at IS NULL AND expires_at > n.now)
  FROM (SELECT kuji_api.now_ms() AS now OFFSET 0) AS n;
-- :name mail_gate_add
INSERT INTO kuji.mail_challenge (id, campaign_id, tenant_id, created_at, expires_at, language, base, identity, prefix,
                                 code, token, address)
SELECT $1::uuid, $2::int8, $3::uuid, now, now + $4::int8, $5::text, $6::text, $7::bytea, $8::bytea, $9::bytea,
       $10::bytea, $11::bytea
  FROM (SELECT kuji_api.now_ms() AS now OFFSET 0) AS c;
-- By its id or by its link's secret.
-- :name mail_gate_find
SELECT id, identity, code, tries, used_at IS NOT NULL OR expires_at <= kuji_api.now_ms(), language, base, address
  FROM kuji.mail_challenge
 WHERE campaign_id = $1::int8 AND (id = $2::uuid OR token = $3::bytea)
   FOR UPDATE;
-- :name mail_gate_tried
UPDATE kuji.mail_challenge
   SET tries = least(tries + $2::int8, 5)::int2,
       used_at = CASE WHEN $3::bool THEN kuji_api.now_ms() END
 WHERE id = $1::uuid;
-- :name mail_gate_verified
INSERT INTO kuji.participant_mail (campaign_id, digest, tenant_id, verified_at, language, base, address)
VALUES ($1::int8, $2::bytea, $3::uuid, kuji_api.now_ms(), $4::text, $5::text, $6::bytea)
    ON CONFLICT (campaign_id, digest) DO UPDATE
   SET verified_at = excluded.verified_at, language = excluded.language, base = excluded.base,
       address = excluded.address;
-- The address of one of a participant's ids, for the one they draw under; of two
-- the newer counts.
-- :name mail_gate_known
SELECT m.verified_at, m.language, m.base, m.address
  FROM kuji.participant_mail m
 WHERE m.campaign_id = $1::int8 AND m.digest = $2::bytea
   AND NOT EXISTS (SELECT FROM kuji.participant_mail o
                    WHERE o.campaign_id = $1::int8 AND o.digest = $3::bytea AND o.verified_at >= m.verified_at);
-- :name mail_gate_sweep
DELETE FROM kuji.mail_challenge
 WHERE tenant_id = $1::uuid AND created_at < kuji_api.now_ms() - 86400000;
