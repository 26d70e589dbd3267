-- :name schema_version
SELECT kuji_api.schema_version();
-- :name health
SELECT kuji_api.schema_version(),
       NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off';
