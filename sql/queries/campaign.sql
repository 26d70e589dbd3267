-- Drafts, states and pausing (store/campaign.c); publishing (store/publish.c).
-- :name campaign_insert
INSERT INTO kuji.campaign (uuid, tenant_id, slug, status, method, opens_at,
                           closes_at, timezone)
VALUES ($1::uuid, $2::uuid, $3::text, 'draft', $4::text, $5::int8, $6::int8,
        $7::text)
ON CONFLICT DO NOTHING
RETURNING id;
-- :name campaign_config_insert
INSERT INTO kuji.campaign_config (campaign_id, tenant_id, config)
VALUES ($1::int8, $2::uuid, $3::jsonb);
-- :name campaign_config_get
SELECT config FROM kuji.campaign_config WHERE campaign_id = $1::int8;
-- :name campaign_config_update
UPDATE kuji.campaign_config SET config = $2::jsonb WHERE campaign_id = $1::int8;
-- :name campaign_edit
UPDATE kuji.campaign
   SET slug = $2::text, method = $3::text, opens_at = $4::int8,
       closes_at = $5::int8, timezone = $6::text, version = version + 1
 WHERE id = $1::int8;
-- :name campaign_touch
UPDATE kuji.campaign SET version = version + 1 WHERE id = $1::int8;
-- :name campaign_archive
UPDATE kuji.campaign_config
   SET archived_at = CASE WHEN $2::bool THEN kuji_api.now_ms() END
 WHERE campaign_id = $1::int8 AND (archived_at IS NOT NULL) <> $2::bool;
-- :name campaign_slug_taken
SELECT EXISTS (SELECT FROM kuji.campaign
                WHERE tenant_id = $1::uuid AND slug = $2::text AND id <> $3::int8);
-- :name campaign_timezone
SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1::text);
-- :name campaign_status
UPDATE kuji.campaign SET status = $2::text, version = version + 1
 WHERE id = $1::int8;
-- :name campaign_publish
UPDATE kuji.campaign
   SET status = 'published', version = version + 1, blanks_left = $2::int8
 WHERE id = $1::int8;
-- :name campaign_manifest_insert
INSERT INTO kuji.manifest (campaign_id, tenant_id, bytes, hash)
VALUES ($1::int8, $2::uuid, $3::text, $4::bytea);
-- :name campaign_prizes_insert
INSERT INTO kuji.prize (campaign_id, pos, tenant_id, code, kind, declared,
                        units_left)
SELECT $1::int8, u.place - 1, $2::uuid, u.code, u.kind, u.units, u.units
  FROM unnest($3::text[], $4::text[], $5::int8[])
       WITH ORDINALITY AS u (code, kind, units, place);
-- :name campaign_tenant
SELECT name, host FROM kuji.tenant WHERE id = $1::uuid;
-- :name campaign_get
SELECT c.id, c.uuid, c.slug, f.config ->> 'title', c.status, c.timezone,
       c.method, c.opens_at, c.closes_at, kuji_api.now_ms(), c.version,
       c.next_n - 1, c.size, c.blanks_left, c.raffled_at, c.closed_at, f.config,
       f.archived_at
  FROM kuji.campaign c
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
 WHERE c.tenant_id = $1::uuid AND c.slug = $2::text;
-- :name campaign_list
SELECT c.id, c.uuid, c.slug, f.config ->> 'title', c.status, c.timezone,
       c.method, c.opens_at, c.closes_at, kuji_api.now_ms(), c.version,
       c.next_n - 1, c.size, c.blanks_left, c.raffled_at, c.closed_at, NULL,
       f.archived_at,
       c.method = 'box' AND c.status <> 'draft' AND c.blanks_left = 0
       AND NOT EXISTS (SELECT FROM kuji.prize p
                        WHERE p.campaign_id = c.id AND p.units_left > 0)
  FROM kuji.campaign c
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
 WHERE c.tenant_id = $1::uuid
 ORDER BY c.opens_at DESC, c.id DESC;
-- A draft's units are those its CONFIG plans.
-- :name campaign_find
SELECT c.id, c.uuid, c.slug, f.config ->> 'title', c.status, c.timezone,
       c.method, c.opens_at, c.closes_at, kuji_api.now_ms(), c.version,
       c.next_n - 1, c.size, c.blanks_left, c.raffled_at, c.closed_at, NULL,
       f.archived_at,
       coalesce(p.planned, d.planned, 0), coalesce(p.awarded, 0),
       coalesce(p.units_left, d.planned, 0),
       CASE WHEN c.day = (now() AT TIME ZONE c.timezone)::date - DATE '1970-01-01'
            THEN c.day_draws ELSE 0 END
  FROM kuji.campaign c
  JOIN kuji.campaign_config f ON f.campaign_id = c.id
 CROSS JOIN LATERAL (SELECT sum(declared + added)::int8 AS planned,
                            sum(awarded)::int8 AS awarded,
                            sum(units_left)::int8 AS units_left
                       FROM kuji.prize WHERE campaign_id = c.id) AS p
 CROSS JOIN LATERAL (SELECT sum((u.prize ->> 'units')::int8)::int8 AS planned
                       FROM jsonb_array_elements(f.config -> 'prizes')
                            AS u (prize)) AS d
 WHERE c.tenant_id = $1::uuid AND (f.archived_at IS NOT NULL) = $3::bool
   AND (strpos(lower(c.slug), lower($2::text)) > 0
        OR strpos(lower(f.config ->> 'title'), lower($2::text)) > 0)
 ORDER BY c.opens_at DESC, c.id DESC
 LIMIT $4::int8 OFFSET $5::int8;
-- :name campaign_prizes
SELECT u.prize ->> 'code', u.prize ->> 'name', u.prize ->> 'kind',
       coalesce(p.declared + p.added, (u.prize ->> 'units')::int8),
       coalesce(p.awarded, 0),
       coalesce(p.units_left, (u.prize ->> 'units')::int8)
  FROM kuji.campaign_config f
 CROSS JOIN jsonb_array_elements(f.config -> 'prizes')
       WITH ORDINALITY AS u (prize, place)
  LEFT JOIN kuji.prize p ON p.campaign_id = f.campaign_id
                        AND p.pos = u.place - 1
 WHERE f.campaign_id = $1::int8
 ORDER BY u.place;
-- What stands between a draft and its publication (store/hindrance.c).
-- :name campaign_hindrances
SELECT f.config, c.status <> 'draft', f.archived_at IS NOT NULL,
       c.closes_at <= kuji_api.now_ms(),
       EXISTS (SELECT FROM kuji.passphrase AS p
                WHERE p.campaign_id = c.id AND cardinality(p.digests) > 0),
       EXISTS (SELECT FROM kuji.code_batch AS b
                WHERE b.campaign_id = c.id AND b.size > 0 AND NOT b.disabled),
       s.config ->> 'provider',
       EXISTS (SELECT FROM kuji.line AS l WHERE l.tenant_id = c.tenant_id)
  FROM kuji.campaign AS c
  JOIN kuji.campaign_config AS f ON f.campaign_id = c.id
  LEFT JOIN kuji.pay_settings AS s ON s.tenant_id = c.tenant_id
 WHERE c.tenant_id = $1::uuid AND c.slug = $2::text;
