-- Deploy mod_kuji:access to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Who may enter the console: sessions, invitations, and how often somebody
-- tried. Of what a browser or a link carries only the digest is here.

BEGIN;

SET LOCAL ROLE kuji_owner;

-- A removed admin stays as a row: the audit log names it. The login is free
-- for somebody else.
ALTER TABLE kuji.admin
    ADD COLUMN last_login_at bigint,
    ADD COLUMN removed_at    bigint,
    ADD CONSTRAINT admin_removed_is_disabled CHECK (removed_at IS NULL OR disabled),
    ADD CONSTRAINT admin_of_tenant UNIQUE (tenant_id, id),
    DROP CONSTRAINT admin_tenant_id_login_key;
CREATE UNIQUE INDEX admin_login ON kuji.admin (tenant_id, login) WHERE removed_at IS NULL;

-- Somebody must be left who can let others in. Two owners who demote each
-- other at once wait for the tenant's row, and the second then sees the first.
CREATE FUNCTION kuji_api.admin_last_owner() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.role = 'owner' AND NOT OLD.disabled AND (NEW.role <> 'owner' OR NEW.disabled) THEN
        PERFORM FROM kuji.tenant WHERE id = OLD.tenant_id FOR NO KEY UPDATE;
        PERFORM FROM kuji.admin
          WHERE tenant_id = OLD.tenant_id AND id <> OLD.id AND role = 'owner' AND NOT disabled;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the last owner stays' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER admin_last_owner BEFORE UPDATE OF role, disabled ON kuji.admin
    FOR EACH ROW EXECUTE FUNCTION kuji_api.admin_last_owner();

CREATE TABLE kuji.admin_session (
    -- plain SHA-256 is enough: what it is the digest of is 256 random bits
    digest      bytea   PRIMARY KEY CHECK (octet_length(digest) = 32),
    tenant_id   uuid    NOT NULL,
    admin_id    uuid    NOT NULL,
    created_at  bigint  NOT NULL,
    seen_at     bigint  NOT NULL CHECK (seen_at >= created_at),
    FOREIGN KEY (tenant_id, admin_id) REFERENCES kuji.admin (tenant_id, id)
);
CREATE INDEX admin_session_admin ON kuji.admin_session (tenant_id, admin_id);

CREATE TABLE kuji.admin_invitation (
    id          uuid    PRIMARY KEY,
    tenant_id   uuid    NOT NULL,
    digest      bytea   NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    login       text    NOT NULL,
    role        text    NOT NULL CHECK (role IN ('owner', 'editor', 'staff', 'viewer')),
    admin_id    uuid,
    invited_by  uuid    NOT NULL,
    created_at  bigint  NOT NULL,
    expires_at  bigint  NOT NULL CHECK (expires_at > created_at),
    used_at     bigint,
    revoked_at  bigint,
    CHECK (used_at IS NULL OR revoked_at IS NULL),
    FOREIGN KEY (tenant_id, admin_id) REFERENCES kuji.admin (tenant_id, id),
    FOREIGN KEY (tenant_id, invited_by) REFERENCES kuji.admin (tenant_id, id)
);
COMMENT ON COLUMN kuji.admin_invitation.admin_id IS 'an account that there is: the link is for a new password';
-- One open invitation for a login.
CREATE UNIQUE INDEX admin_invitation_open ON kuji.admin_invitation (tenant_id, login)
    WHERE used_at IS NULL AND revoked_at IS NULL;

-- Tries to log in: by account (whether or not there is one) and by address,
-- both as keyed digests.
CREATE TABLE kuji.login_try (
    tenant_id   uuid    NOT NULL REFERENCES kuji.tenant,
    kind        text    NOT NULL CHECK (kind IN ('account', 'address')),
    subject     bytea   NOT NULL CHECK (octet_length(subject) = 16),
    tries       integer NOT NULL CHECK (tries >= 0),
    since       bigint  NOT NULL,
    until       bigint  NOT NULL,
    PRIMARY KEY (tenant_id, kind, subject)
);
COMMENT ON COLUMN kuji.login_try.tries IS 'since `since`, those that succeeded not counted';
COMMENT ON COLUMN kuji.login_try.until IS 'nobody tries before then';

ALTER TABLE kuji.admin_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE kuji.admin_session FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kuji.admin_session
    USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid));

ALTER TABLE kuji.admin_invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE kuji.admin_invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kuji.admin_invitation
    USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid));

ALTER TABLE kuji.login_try ENABLE ROW LEVEL SECURITY;
ALTER TABLE kuji.login_try FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kuji.login_try
    USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid));

-- Counts a try before its password is looked at, so that tries at the same time
-- cannot be more than those allowed one after the other. Returns 0, or how many
-- ms the caller has to wait; then nothing was counted.
--
-- 15 minutes from the first try, at most 5 tries for an account and 20 from an
-- address come without a wait. Each one more waits longer (10 s, 20 s, 40 s …);
-- at twice the number it is 15 minutes, after which counting begins anew.
CREATE FUNCTION kuji_api.login_try(tenant uuid, account bytea, address bytea) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    period CONSTANT bigint := 15 * 60000;
    at     bigint;
    wait   bigint := 0;
    found  kuji.login_try;
    most   integer;
BEGIN
    INSERT INTO kuji.login_try (tenant_id, kind, subject, tries, since, until)
    VALUES (tenant, 'account', account, 0, 0, 0), (tenant, 'address', address, 0, 0, 0)
    ON CONFLICT DO NOTHING;
    -- Accounts are locked before addresses: no two tries wait for each other.
    PERFORM FROM kuji.login_try
      WHERE tenant_id = tenant AND kind = 'account' AND subject = account FOR UPDATE;
    PERFORM FROM kuji.login_try
      WHERE tenant_id = tenant AND kind = 'address' AND subject = address FOR UPDATE;
    at := floor(extract(epoch FROM clock_timestamp()) * 1000);
    SELECT greatest(max(t.until) - at, 0) INTO wait
      FROM kuji.login_try t
     WHERE t.tenant_id = tenant
       AND (t.kind = 'account' AND t.subject = account OR t.kind = 'address' AND t.subject = address);
    IF wait > 0 THEN
        RETURN wait;
    END IF;
    FOR found IN
        SELECT * FROM kuji.login_try t
         WHERE t.tenant_id = tenant
           AND (t.kind = 'account' AND t.subject = account OR t.kind = 'address' AND t.subject = address)
    LOOP
        most := CASE found.kind WHEN 'account' THEN 5 ELSE 20 END;
        IF found.since <= at - period THEN
            found.tries := 0;
            found.since := at;
        END IF;
        found.tries := found.tries + 1;
        UPDATE kuji.login_try t
           SET tries = found.tries, since = found.since,
               until = CASE WHEN found.tries < most THEN 0
                            WHEN found.tries >= 2 * most THEN at + period
                            ELSE at + least(period, 10000 * 2 ^ least(found.tries - most, 20))
                       END
         WHERE t.tenant_id = tenant AND t.kind = found.kind AND t.subject = found.subject;
    END LOOP;
    RETURN 0;
END
$$;
REVOKE EXECUTE ON FUNCTION kuji_api.login_try(uuid, bytea, bytea), kuji_api.admin_last_owner() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kuji_api.login_try(uuid, bytea, bytea) TO kuji_web;

GRANT UPDATE (last_login_at, removed_at) ON kuji.admin TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (seen_at) ON kuji.admin_session TO kuji_web;
GRANT SELECT, INSERT, UPDATE (used_at, revoked_at) ON kuji.admin_invitation TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (tries, since, until) ON kuji.login_try TO kuji_web;
GRANT SELECT (last_login_at, removed_at) ON kuji.admin TO kuji_read;

COMMIT;
