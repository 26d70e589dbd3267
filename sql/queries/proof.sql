-- Reading a ledger (store/proof.c).
-- :name proof_leaves
SELECT leaf FROM kuji.ledger
 WHERE campaign_id = $1::int8 AND i >= $2::int8 AND i < $3::int8
 ORDER BY i;
-- :name proof_head
SELECT size, edge FROM kuji.campaign WHERE id = $1::int8;
-- :name proof_node
SELECT hash FROM kuji.ledger_node
 WHERE campaign_id = $1::int8 AND level = $2::int8 AND idx = $3::int8;
