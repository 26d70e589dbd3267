-- Japan Post's list of postal codes (store/postal.c).
-- :name postal_clear
DELETE FROM kuji.postal;
-- :name postal_add
INSERT INTO kuji.postal (code, is_sample, prefecture, city, town)
SELECT u.code, $1::bool, u.prefecture, u.city, u.town
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[])
       AS u (code, prefecture, city, town)
ON CONFLICT DO NOTHING;
-- :name postal_find
SELECT prefecture, city, town FROM kuji.postal
 WHERE code = $1::text
 ORDER BY prefecture COLLATE "C", city COLLATE "C", town COLLATE "C"
 LIMIT $2::int8;
