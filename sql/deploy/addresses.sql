-- Deploy mod_kuji:addresses to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- From where an audited change came. The address is one more element of the
-- array that an entry's hash covers, where there is one: what was written
-- before keeps its hash, and an address that is added, changed or taken away
-- shows like any other change.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE DOMAIN kuji.address AS text
    CHECK (VALUE ~ '^[0-9A-Fa-f.:]{2,45}$');
COMMENT ON DOMAIN kuji.address IS 'IPv4 or IPv6, as httpd says it';

ALTER TABLE kuji.audit ADD COLUMN address kuji.address;
COMMENT ON COLUMN kuji.audit.address IS 'of the client; null: no request (job, kujictl)';

CREATE OR REPLACE FUNCTION kuji_api.audit_hash(entry kuji.audit) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256('\x6b756a692f3120617564697400'::bytea || entry.prev
                  || convert_to((jsonb_build_array(entry.tenant_id, entry.seq, entry.at, entry.actor,
                                                   entry.action, entry.object, entry.detail)
                                 || CASE WHEN entry.address IS NULL THEN '[]'
                                         ELSE jsonb_build_array(entry.address) END)::text,
                                'UTF8'))
$$;

DROP FUNCTION kuji_api.audit_append(text, text, text, jsonb);
CREATE FUNCTION kuji_api.audit_append(actor text, action text, object text, detail jsonb,
                                      address text DEFAULT NULL)
RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO kuji.audit (tenant_id, actor, action, object, detail, address)
    VALUES (NULLIF(current_setting('kuji.tenant', true), '')::uuid,
            audit_append.actor, audit_append.action,
            coalesce(audit_append.object, ''), coalesce(audit_append.detail, '{}'),
            audit_append.address)
    RETURNING seq
$$;

-- What the page of the audit log is filtered by.
CREATE INDEX audit_actor ON kuji.audit (tenant_id, actor, seq);
CREATE INDEX audit_action ON kuji.audit (tenant_id, action, seq);

GRANT EXECUTE ON FUNCTION kuji_api.audit_append(text, text, text, jsonb, text) TO kuji_web;

COMMIT;
