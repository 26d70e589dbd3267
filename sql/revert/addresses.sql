-- Revert mod_kuji:addresses from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

-- Entries with an address would no longer fit their hash: not undone then.
SELECT 1 / (count(*) = 0)::int FROM kuji.audit WHERE address IS NOT NULL;

DROP INDEX kuji.audit_actor;
DROP INDEX kuji.audit_action;
DROP FUNCTION kuji_api.audit_append(text, text, text, jsonb, text);

CREATE FUNCTION kuji_api.audit_append(actor text, action text, object text, detail jsonb)
RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO kuji.audit (tenant_id, actor, action, object, detail)
    VALUES (NULLIF(current_setting('kuji.tenant', true), '')::uuid,
            audit_append.actor, audit_append.action,
            coalesce(audit_append.object, ''), coalesce(audit_append.detail, '{}'))
    RETURNING seq
$$;
ALTER FUNCTION kuji_api.audit_append(text, text, text, jsonb) OWNER TO kuji_owner;
REVOKE EXECUTE ON FUNCTION kuji_api.audit_append(text, text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kuji_api.audit_append(text, text, text, jsonb) TO kuji_web;

CREATE OR REPLACE FUNCTION kuji_api.audit_hash(entry kuji.audit) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256('\x6b756a692f3120617564697400'::bytea || entry.prev
                  || convert_to(jsonb_build_array(entry.tenant_id, entry.seq, entry.at, entry.actor,
                                                  entry.action, entry.object, entry.detail)::text,
                                'UTF8'))
$$;
ALTER TABLE kuji.audit DROP COLUMN address;
DROP DOMAIN kuji.address;

COMMIT;
