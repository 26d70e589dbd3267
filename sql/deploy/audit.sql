-- Deploy mod_kuji:audit to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- The audit log: one chain a tenant. Each entry's hash covers the one before
-- it, so a change or a gap shows from there on to anybody who can read. The
-- trigger alone decides seq, at, prev and hash: whoever may INSERT cannot
-- choose them. Entries are never changed, so no personal data belongs in them.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE TABLE kuji.audit (
    tenant_id   uuid    NOT NULL REFERENCES kuji.tenant,
    seq         bigint  NOT NULL CHECK (seq >= 1),
    at          bigint  NOT NULL,
    actor       text    NOT NULL,
    action      text    NOT NULL,
    object      text    NOT NULL DEFAULT '',
    detail      jsonb   NOT NULL DEFAULT '{}',
    prev        bytea   NOT NULL,
    hash        bytea   NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
COMMENT ON COLUMN kuji.audit.actor IS 'an opaque id: admin, token, "job", "kujictl"';
COMMENT ON COLUMN kuji.audit.object IS 'what it was done to: "campaign:12"';

ALTER TABLE kuji.audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE kuji.audit FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kuji.audit
    USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid));

-- SHA256("kuji/1 audit" 00 || prev || UTF-8 of the JSON array's text). As an
-- array in PostgreSQL's own text form no two different entries read alike.
CREATE FUNCTION kuji_api.audit_hash(entry kuji.audit) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256('\x6b756a692f3120617564697400'::bytea || entry.prev
                  || convert_to(jsonb_build_array(entry.tenant_id, entry.seq, entry.at, entry.actor,
                                                  entry.action, entry.object, entry.detail)::text,
                                'UTF8'))
$$;

-- The tenant's row is the lock: two entries at once wait for each other, and
-- the second then sees the first. Take it last in a transaction.
CREATE FUNCTION kuji_api.audit_chain() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM kuji.tenant WHERE id = NEW.tenant_id FOR NO KEY UPDATE;
    SELECT seq, hash INTO NEW.seq, NEW.prev
      FROM kuji.audit WHERE tenant_id = NEW.tenant_id ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(NEW.seq, 0) + 1;
    NEW.prev := coalesce(NEW.prev, decode(repeat('00', 32), 'hex'));
    NEW.at := floor(extract(epoch FROM clock_timestamp()) * 1000);
    NEW.hash := kuji_api.audit_hash(NEW);
    RETURN NEW;
END
$$;

CREATE TRIGGER audit_chain BEFORE INSERT ON kuji.audit
    FOR EACH ROW EXECUTE FUNCTION kuji_api.audit_chain();

-- How to write one: for the tenant of the transaction. Returns seq.
CREATE FUNCTION kuji_api.audit_append(actor text, action text, object text, detail jsonb)
RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO kuji.audit (tenant_id, actor, action, object, detail)
    VALUES (NULLIF(current_setting('kuji.tenant', true), '')::uuid,
            audit_append.actor, audit_append.action,
            coalesce(audit_append.object, ''), coalesce(audit_append.detail, '{}'))
    RETURNING seq
$$;

-- Anybody who can read the log can check it: how many entries, the hash of the
-- last (note it elsewhere: only that shows a cut-off end), and the first entry
-- that does not hold, null if all do.
CREATE FUNCTION kuji_api.audit_check(tenant uuid, OUT entries bigint, OUT head bytea, OUT broken bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH chain AS (
        SELECT a.seq, a.hash,
               a.hash = kuji_api.audit_hash(a)
               AND a.seq = lag(a.seq, 1, 0::bigint) OVER w + 1
               AND a.prev = lag(a.hash, 1, decode(repeat('00', 32), 'hex')) OVER w AS good
          FROM kuji.audit a
         WHERE a.tenant_id = tenant
        WINDOW w AS (ORDER BY a.seq)
    )
    SELECT count(*), (array_agg(hash ORDER BY seq DESC))[1], min(seq) FILTER (WHERE NOT good)
      FROM chain
$$;

GRANT SELECT, INSERT ON kuji.audit TO kuji_web;
GRANT SELECT ON kuji.audit TO kuji_read;
GRANT EXECUTE ON FUNCTION kuji_api.audit_hash(kuji.audit), kuji_api.audit_check(uuid)
   TO kuji_web, kuji_read;
GRANT EXECUTE ON FUNCTION kuji_api.audit_append(text, text, text, jsonb) TO kuji_web;

COMMIT;
