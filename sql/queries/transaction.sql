-- The frame of every transaction (store/pg_transact.c, store/batch.c).
-- :name tx_begin
BEGIN;
-- :name tx_tenant
SELECT set_config('kuji.tenant', $1, true);
-- Whether a commit waits for standbys.
-- :name tx_standbys
SELECT current_setting('synchronous_standby_names') <> ''
   AND current_setting('synchronous_commit') NOT IN ('off', 'local');
-- The least that a commit has to wait for.
-- :name tx_write
SELECT pg_logical_emit_message(true, 'kuji', '');
-- :name tx_commit
COMMIT;
-- :name tx_rollback
ROLLBACK;
