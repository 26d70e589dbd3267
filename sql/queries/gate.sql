-- What gates ask for: passphrases (store/passphrase.c), links (store/link.c).

-- :name passphrase_get
SELECT c.uuid, p.sealed, coalesce(p.version, 0)
  FROM kuji.campaign AS c
  LEFT JOIN kuji.passphrase AS p ON p.campaign_id = c.id
 WHERE c.slug = $1;

-- :name passphrase_set
INSERT INTO kuji.passphrase (campaign_id, version, tenant_id, days, digests,
                             sealed)
VALUES ($1::int8, 1, $2::uuid, $3::int8[]::int4[], $4::bytea[], $5::bytea)
    ON CONFLICT (campaign_id) DO UPDATE
   SET version = kuji.passphrase.version + 1, days = excluded.days,
       digests = excluded.digests, sealed = excluded.sealed;

-- :name link_add
INSERT INTO kuji.link (campaign_id, expires_at, created_at, uses, uses_left,
                       tenant_id, digest, participant, sealed)
VALUES ($1::int8, $2::int8, kuji_api.now_ms(), $3::int8, $3::int8, $4::uuid,
        $5::bytea, $6::bytea, $7::bytea);

-- :name link_campaign
SELECT c.id, c.uuid, c.status, c.closes_at, f.config::text, kuji_api.now_ms()
  FROM kuji.campaign AS c
  JOIN kuji.campaign_config AS f ON f.campaign_id = c.id
 WHERE c.slug = $1;

-- :name link_get
SELECT l.uses_left, l.expires_at, l.session, l.digest, l.sealed,
       kuji_api.now_ms()
  FROM kuji.link AS l
 WHERE l.campaign_id = $1 AND l.digest = $2::bytea;

-- :name link_of_draw
SELECT l.digest, l.sealed
  FROM kuji.link_draw AS d
  JOIN kuji.link AS l ON l.campaign_id = d.campaign_id AND l.digest = d.link
 WHERE d.campaign_id = $1 AND d.n = $2;

-- $2 .. $5: of each request its campaign, first n, count, reasons.
-- :name flag_add
INSERT INTO kuji.flag (campaign_id, n, reasons, tenant_id)
SELECT u.campaign_id, g.n, bit_or(u.reasons), $1::uuid
  FROM unnest($2::int8[], $3::int8[], $4::int8[], $5::int8[])
       AS u (campaign_id, n, count, reasons)
 CROSS JOIN LATERAL generate_series(u.n, u.n + u.count - 1) AS g (n)
 GROUP BY u.campaign_id, g.n
    ON CONFLICT (campaign_id, n) DO UPDATE
   SET reasons = kuji.flag.reasons | excluded.reasons;

-- :name flag_read
SELECT u.o, f.reasons
  FROM unnest($2::int8[]) WITH ORDINALITY AS u (n, o)
 CROSS JOIN LATERAL (SELECT reasons FROM kuji.flag
                      WHERE campaign_id = $1::int8 AND n = u.n OFFSET 0) AS f;
