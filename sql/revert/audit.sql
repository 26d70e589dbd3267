-- Revert mod_kuji:audit from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP FUNCTION kuji_api.audit_check(uuid);
DROP FUNCTION kuji_api.audit_append(text, text, text, jsonb);
DROP TRIGGER audit_chain ON kuji.audit;
DROP FUNCTION kuji_api.audit_chain();
DROP FUNCTION kuji_api.audit_hash(kuji.audit);
DROP TABLE kuji.audit;

COMMIT;
