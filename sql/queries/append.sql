-- Appending events to a ledger (store/append.c).
-- :name append_lock
SELECT id, uuid, slug, status, method, opens_at, closes_at, version, next_n,
       blanks_left, raffled_at, last_t, size, edge
  FROM kuji.campaign
 WHERE tenant_id = $1::uuid AND slug = $2::text
   FOR NO KEY UPDATE;
-- :name append_now
SELECT kuji_api.now_ms();
-- :name append_nodes
INSERT INTO kuji.ledger_node (campaign_id, level, idx, tenant_id, hash)
SELECT $1::int8, u.level, u.idx, $2::uuid, u.hash
  FROM unnest($3::int8[], $4::int8[], $5::bytea[]) AS u (level, idx, hash);
-- :name append_edge
UPDATE kuji.campaign
   SET size = $2::int8, edge = $3::bytea, last_t = greatest(last_t, $4::int8)
 WHERE id = $1::int8;
-- :name append_leaves
INSERT INTO kuji.ledger (campaign_id, i, tenant_id, leaf)
SELECT $1::int8, $3::int8 + u.place - 1, $2::uuid, u.leaf
  FROM unnest($4::text[]) WITH ORDINALITY AS u (leaf, place);
-- :name append_manifest
SELECT bytes FROM kuji.manifest WHERE campaign_id = $1::int8;
-- :name append_prizes
SELECT declared, added, units_left, awarded FROM kuji.prize
 WHERE campaign_id = $1::int8 ORDER BY pos;
