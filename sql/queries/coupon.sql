-- Coupons, redeemed by shops on the winner's phone (store/coupon.c, shop.c).
-- :name shop_campaign
SELECT c.id, c.uuid, c.status
  FROM kuji.campaign c
 WHERE c.tenant_id = $1::uuid AND c.slug = $2::text;
-- redeemed: coupons by this shop.
-- :name shop_list
SELECT s.id, s.name, s.disabled,
       (SELECT count(*) FROM kuji.redemption r
         WHERE r.campaign_id = s.campaign_id AND r.shop_id = s.id)
  FROM kuji.shop s
 WHERE s.campaign_id = $1::int8
 ORDER BY s.name COLLATE "C", s.id;
-- :name shop_add
INSERT INTO kuji.shop (campaign_id, tenant_id, created_at, name, digest)
SELECT $1::int8, $2::uuid, kuji_api.now_ms(), $3::text, $4::bytea
 WHERE (SELECT count(*) FROM kuji.shop WHERE campaign_id = $1::int8) < $5::int8
ON CONFLICT DO NOTHING
RETURNING id;
-- Which of its parts somebody else has: name, digest.
-- :name shop_taken
SELECT coalesce(bool_or(name = $2::text AND id <> $4::int8), false),
       coalesce(bool_or(digest = $3::bytea AND id <> $4::int8), false), count(*)
  FROM kuji.shop WHERE campaign_id = $1::int8;
-- :name shop_change
UPDATE kuji.shop
   SET digest = coalesce($3::bytea, digest),
       disabled = coalesce($4::bool, disabled)
 WHERE campaign_id = $1::int8 AND id = $2::int8
RETURNING name;
-- :name shop_find
SELECT id, name FROM kuji.shop
 WHERE campaign_id = $1::int8 AND digest = $2::bytea AND NOT disabled
   FOR KEY SHARE;
-- When the coupons of a prize hold good.
-- :name coupon_validity
SELECT coalesce((z ->> 'valid_from')::int8, 0),
       coalesce((z ->> 'valid_until')::int8, 0)
  FROM kuji.campaign_config f
 CROSS JOIN jsonb_array_elements(f.config -> 'prizes') AS z
 WHERE f.campaign_id = $1::int8 AND z ->> 'code' = $2::text;
-- :name coupon_wrong
INSERT INTO kuji.coupon_try (campaign_id, n, tenant_id, tries, total, since)
VALUES ($1::int8, $2::int8, $3::uuid, 1, 1, $4::int8)
ON CONFLICT (campaign_id, n) DO UPDATE
   SET tries = $5::int8, total = coupon_try.total + 1, since = $4::int8;
-- :name coupon_redeemed
INSERT INTO kuji.redemption (campaign_id, n, tenant_id, at, shop_id)
VALUES ($1::int8, $2::int8, $3::uuid, $4::int8, $5::int8);
-- :name coupon_get
SELECT c.state, c.updated_at, r.at, s.name, coalesce(t.tries, 0),
       coalesce(t.total, 0), coalesce(t.since, 0), kuji_api.now_ms()
  FROM kuji.claim c
  LEFT JOIN kuji.redemption r ON r.campaign_id = c.campaign_id AND r.n = c.n
  LEFT JOIN kuji.shop s ON s.id = r.shop_id
  LEFT JOIN kuji.coupon_try t ON t.campaign_id = c.campaign_id AND t.n = c.n
 WHERE c.campaign_id = $1::int8 AND c.n = $2::int8;
