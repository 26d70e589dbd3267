-- The frame of every transaction (store/pg_transact.c, store/batch.c).
-- :name tx_begin
BEGIN;
-- :name tx_tenant
SELECT set_config('kuji.tenant', $1, true);
-- :name tx_commit
COMMIT;
-- :name tx_rollback
ROLLBACK;
