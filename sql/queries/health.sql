-- :name schema_version
SELECT kuji_api.schema_version();
