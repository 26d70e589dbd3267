-- What a request needs to know before its draw (store/cache*.c).

-- :name cache_tenant
SELECT id, name, host, title, status, data_key
  FROM kuji_api.tenant_by_name($1);

-- :name cache_token
SELECT id, tenant_id, array_to_string(scopes, ' ') FROM kuji_api.token($1);

-- :name cache_campaign_light
SELECT c.id, c.status, c.version, coalesce(t.version, 0), kuji_api.now_ms(),
       (SELECT bool_and(b.checked) FROM kuji.code_batch AS b
         WHERE b.campaign_id = c.id AND b.size > 0),
       coalesce(p.version, 0)
  FROM kuji.campaign AS c
  LEFT JOIN kuji.theme_current AS t ON t.campaign_id = c.id
  LEFT JOIN kuji.passphrase AS p ON p.campaign_id = c.id
 WHERE c.slug = $1 AND c.status <> 'draft';

-- :name cache_campaign
SELECT c.id, c.status, c.version, c.uuid, c.slug, m.bytes, f.config::text,
       s.key, coalesce(t.version, 0), t.doc ->> 'base',
       t.doc ->> 'logo', l.width, l.height,
       t.doc ->> 'visual', v.width, v.height, kuji_api.now_ms(),
       (SELECT bool_and(b.checked) FROM kuji.code_batch AS b
         WHERE b.campaign_id = c.id AND b.size > 0),
       coalesce(p.version, 0), array_to_string(p.days, ','),
       (SELECT string_agg(u.digest, '' ORDER BY u.o)
          FROM unnest(p.digests) WITH ORDINALITY AS u (digest, o))
  FROM kuji.campaign AS c
  JOIN kuji.manifest AS m ON m.campaign_id = c.id
  JOIN kuji.campaign_config AS f ON f.campaign_id = c.id
  LEFT JOIN kuji.campaign_secret AS s ON s.campaign_id = c.id
  LEFT JOIN kuji.passphrase AS p ON p.campaign_id = c.id
  LEFT JOIN kuji.theme_current AS u ON u.campaign_id = c.id
  LEFT JOIN kuji.theme AS t ON t.campaign_id = c.id AND t.version = u.version
  LEFT JOIN kuji.image AS l ON l.tenant_id = t.tenant_id AND l.hash = t.logo
  LEFT JOIN kuji.image AS v ON v.tenant_id = t.tenant_id AND v.hash = t.visual
 WHERE c.slug = $1 AND c.status <> 'draft';
