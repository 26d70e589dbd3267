-- Counting a ledger (store/tally.c).
-- :name tally_campaign
SELECT c.id, m.bytes
  FROM kuji.campaign c
  LEFT JOIN kuji.manifest m ON m.campaign_id = c.id
 WHERE c.tenant_id = $1::uuid AND c.slug = $2::text;
-- The few leaves that are no draw, no entry: those begin so.
-- :name tally_cold
SELECT leaf FROM kuji.ledger
 WHERE campaign_id = $1::int8 AND i >= $2::int8 AND i < $3::int8
   AND leaf NOT LIKE '{"i":%'
 ORDER BY i;
-- :name tally_size
SELECT size FROM kuji.campaign WHERE id = $1::int8;
-- :name tally_page
SELECT leaf FROM kuji.ledger
 WHERE campaign_id = $1::int8 AND i >= $2::int8 AND i < $3::int8
 ORDER BY i;
