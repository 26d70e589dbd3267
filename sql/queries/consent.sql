-- What participants agreed to (store/consent.c, and batches of draws).

-- :name consent_text_add
INSERT INTO kuji.consent_text (campaign_id, digest, tenant_id, kind, language,
                               wording, purpose, created_at)
VALUES ($1::int8, $2::bytea, $3::uuid, $4::text, $5::text, $6::text, $7::text,
        kuji_api.now_ms())
ON CONFLICT DO NOTHING;
-- Sentence $5 for participant $4, each in turn, on page $6, at $3 (null: now).
-- What holds already and was given there is not written again. Each row by its
-- key (OFFSET 0), as in draw.sql.
-- :name consent_add
INSERT INTO kuji.consent (campaign_id, participant, digest, at, tenant_id, page)
SELECT $1::int8, u.participant, u.digest, coalesce($3::int8, kuji_api.now_ms()),
       $2::uuid, $6::text
  FROM unnest($4::bytea[], $5::bytea[]) AS u (participant, digest)
 CROSS JOIN LATERAL (SELECT FROM kuji.consent_text
                      WHERE campaign_id = $1::int8 AND digest = u.digest
                     OFFSET 0) AS t
  LEFT JOIN LATERAL (SELECT true AS holds FROM kuji.consent
                      WHERE campaign_id = $1::int8
                        AND participant = u.participant AND digest = u.digest
                        AND withdrawn_at IS NULL AND page = $6::text
                     OFFSET 0) AS c ON true
 WHERE c.holds IS NULL
ON CONFLICT DO NOTHING;
-- The same of participants who were not there before: there is nothing to look
-- for, which saves a third of the statement's time.
-- :name consent_add_new
INSERT INTO kuji.consent (campaign_id, participant, digest, at, tenant_id, page)
SELECT $1::int8, u.participant, u.digest, $3::int8, $2::uuid, $6::text
  FROM unnest($4::bytea[], $5::bytea[]) AS u (participant, digest)
 CROSS JOIN LATERAL (SELECT FROM kuji.consent_text
                      WHERE campaign_id = $1::int8 AND digest = u.digest
                     OFFSET 0) AS t
ON CONFLICT DO NOTHING;
-- :name consent_list
SELECT t.kind, t.language, t.wording, t.purpose, c.at, c.withdrawn_at, c.page
  FROM kuji.consent c
  JOIN kuji.consent_text t ON t.campaign_id = c.campaign_id AND t.digest = c.digest
 WHERE c.campaign_id = $1::int8 AND c.participant = $2::bytea
 ORDER BY c.at, t.kind DESC, c.digest;
-- Those of kind $3 end; counts them.
-- :name consent_withdraw
UPDATE kuji.consent c SET withdrawn_at = greatest(kuji_api.now_ms(), c.at)
  FROM kuji.consent_text t
 WHERE c.campaign_id = $1::int8 AND c.participant = $2::bytea
   AND c.withdrawn_at IS NULL
   AND t.campaign_id = c.campaign_id AND t.digest = c.digest
   AND t.kind = $3::text;
-- :name consent_forget
DELETE FROM kuji.consent
 WHERE campaign_id = $1::int8 AND participant = $2::bytea;
