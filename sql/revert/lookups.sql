-- Revert mod_kuji:lookups from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP FUNCTION kuji_api.due_campaigns(bigint);
DROP FUNCTION kuji_api.token(bytea);
DROP FUNCTION kuji_api.tenants();
DROP FUNCTION kuji_api.tenant_by_name(text);
DROP FUNCTION kuji_api.now_ms();
DROP FUNCTION kuji_api.schema_version();
REVOKE SELECT ON kuji.tenant, kuji.token, kuji.campaign FROM kuji_lookup;

COMMIT;
