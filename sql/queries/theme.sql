-- Versions of a campaign's looks (store/theme.c).
-- :name theme_campaign
SELECT id, uuid FROM kuji.campaign
 WHERE tenant_id = $1::uuid AND slug = $2::text;
-- :name theme_pointer
INSERT INTO kuji.theme_current (campaign_id, tenant_id)
VALUES ($1::int8, $2::uuid)
ON CONFLICT DO NOTHING;
-- :name theme_lock
SELECT version FROM kuji.theme_current WHERE campaign_id = $1::int8 FOR UPDATE;
-- :name theme_add
INSERT INTO kuji.theme (campaign_id, tenant_id, version, doc, sheet, actor,
                        created_at)
SELECT $1::int8, $2::uuid,
       (SELECT coalesce(max(version), 0) + 1 FROM kuji.theme
         WHERE campaign_id = $1::int8),
       $3::jsonb, $4::text, $5::text, kuji_api.now_ms()
RETURNING version;
-- :name theme_exists
SELECT EXISTS (SELECT FROM kuji.theme
                WHERE campaign_id = $1::int8 AND version = $2::int8);
-- :name theme_show
UPDATE kuji.theme_current SET version = NULLIF($2::int8, 0)
 WHERE campaign_id = $1::int8;
-- :name theme_get
SELECT t.version, t.doc, t.created_at, t.actor
  FROM kuji.campaign AS c
  JOIN kuji.theme_current AS u ON u.campaign_id = c.id
  JOIN kuji.theme AS t ON t.campaign_id = c.id AND t.version = u.version
 WHERE c.tenant_id = $1::uuid AND c.slug = $2::text;
-- :name theme_list
SELECT t.version, t.created_at, coalesce(a.login, t.actor),
       u.version IS NOT DISTINCT FROM t.version
  FROM kuji.campaign AS c
  JOIN kuji.theme AS t ON t.campaign_id = c.id
  LEFT JOIN kuji.theme_current AS u ON u.campaign_id = c.id
  LEFT JOIN kuji.admin AS a ON a.tenant_id = c.tenant_id
                           AND a.id::text = t.actor
 WHERE c.tenant_id = $1::uuid AND c.slug = $2::text AND t.version < $3::int8
 ORDER BY t.version DESC
 LIMIT $4::int8;
-- :name theme_sheet
SELECT t.sheet
  FROM kuji.theme AS t
 WHERE t.campaign_id = $1::int8 AND t.version = $2::int8;
-- :name theme_preview_put
INSERT INTO kuji.theme_preview (campaign_id, tenant_id, actor, doc, sheet,
                                created_at)
VALUES ($1::int8, $2::uuid, $5::text, $3::jsonb, $4::text, kuji_api.now_ms())
ON CONFLICT (campaign_id, actor)
DO UPDATE SET doc = excluded.doc, sheet = excluded.sheet,
              created_at = excluded.created_at;
-- :name theme_preview_get
SELECT p.doc, p.sheet
  FROM kuji.campaign AS c
  JOIN kuji.theme_preview AS p ON p.campaign_id = c.id AND p.actor = $3::text
 WHERE c.tenant_id = $1::uuid AND c.slug = $2::text;
