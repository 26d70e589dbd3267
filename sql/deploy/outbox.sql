-- Deploy mod_kuji:outbox to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Mail: the addresses that participants have shown to be theirs, the codes that
-- are on their way to others, and what is to be sent. A win's row is written by
-- the batch that draws it, hence no foreign key on outbox; it names whom to
-- write to and holds no address, so an erasure has one place to go to.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE DOMAIN kuji.mail_kind AS text
    CHECK (VALUE IN ('code', 'win', 'remind', 'claimed', 'shipped', 'erased', 'test'));
CREATE DOMAIN kuji.mail_language AS text CHECK (VALUE IN ('ja', 'en'));
-- Where links begin: scheme, host, mount.
CREATE DOMAIN kuji.mail_base AS text
    CHECK (length(VALUE) <= 400 AND VALUE ~ '^https?://[^[:space:]<>"]+$');

CREATE TABLE kuji.participant_mail (
    campaign_id bigint NOT NULL,
    digest      bytea  NOT NULL CHECK (octet_length(digest) = 16),
    tenant_id   uuid   NOT NULL,
    verified_at bigint NOT NULL,
    language    kuji.mail_language NOT NULL,
    base        kuji.mail_base NOT NULL,
    address     bytea  NOT NULL CHECK (octet_length(address) > 45),
    PRIMARY KEY (campaign_id, digest),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);
COMMENT ON TABLE kuji.participant_mail IS 'participants who came by the e-mail gate';
COMMENT ON COLUMN kuji.participant_mail.digest IS 'of the participant, as in draw and participant';
COMMENT ON COLUMN kuji.participant_mail.address IS 'sealed by the tenant''s data key';

CREATE TABLE kuji.mail_challenge (
    id          uuid     PRIMARY KEY,
    campaign_id bigint   NOT NULL,
    tenant_id   uuid     NOT NULL,
    created_at  bigint   NOT NULL,
    expires_at  bigint   NOT NULL CHECK (expires_at > created_at),
    used_at     bigint,
    tries       smallint NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
    language    kuji.mail_language NOT NULL,
    base        kuji.mail_base NOT NULL,
    identity    bytea    NOT NULL CHECK (octet_length(identity) = 16),
    prefix      bytea    NOT NULL CHECK (octet_length(prefix) = 16),
    code        bytea    NOT NULL CHECK (octet_length(code) = 16),
    token       bytea    NOT NULL CHECK (octet_length(token) = 16),
    address     bytea    NOT NULL CHECK (octet_length(address) > 45),
    UNIQUE (campaign_id, token),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);
CREATE INDEX mail_challenge_identity ON kuji.mail_challenge (campaign_id, identity, created_at);
CREATE INDEX mail_challenge_prefix ON kuji.mail_challenge (campaign_id, prefix, created_at);
CREATE INDEX mail_challenge_created ON kuji.mail_challenge (campaign_id, created_at);
COMMENT ON TABLE kuji.mail_challenge IS 'codes that were mailed; gone a day later';
COMMENT ON COLUMN kuji.mail_challenge.identity IS 'keyed digest of the address as it counts for one person';
COMMENT ON COLUMN kuji.mail_challenge.prefix IS 'keyed digest of the network that asked';
COMMENT ON COLUMN kuji.mail_challenge.code IS 'keyed digest of the six digits';
COMMENT ON COLUMN kuji.mail_challenge.token IS 'keyed digest of the link''s secret';

CREATE DOMAIN kuji.mail_state AS text
    CHECK (VALUE IN ('queued', 'sending', 'sent', 'bounced', 'gave_up'));

CREATE TABLE kuji.outbox (
    id          uuid     PRIMARY KEY DEFAULT gen_random_uuid(),
    campaign_id bigint   NOT NULL,
    tenant_id   uuid     NOT NULL,
    n           bigint,
    created_at  bigint   NOT NULL,
    due_at      bigint   NOT NULL,
    expires_at  bigint   NOT NULL CHECK (expires_at > created_at),
    ended_at    bigint,
    tries       smallint NOT NULL DEFAULT 0 CHECK (tries >= 0),
    kind        kuji.mail_kind NOT NULL,
    state       kuji.mail_state NOT NULL DEFAULT 'queued',
    urgent      boolean  NOT NULL GENERATED ALWAYS AS (kind IN ('code', 'test')) STORED,
    reason      text     CHECK (reason ~ '^[0-9a-z .]{1,40}$'),
    language    kuji.mail_language,
    base        kuji.mail_base,
    participant bytea    CHECK (octet_length(participant) = 16),
    address     bytea    CHECK (octet_length(address) > 45),
    data        bytea    CHECK (octet_length(data) > 45),
    CHECK ((kind IN ('code', 'erased', 'test')) = (n IS NULL)),
    CHECK ((state IN ('queued', 'sending')) = (ended_at IS NULL)),
    CHECK (state NOT IN ('queued', 'sending') OR (participant IS NULL) <> (address IS NULL)),
    CHECK (address IS NULL OR language IS NOT NULL AND base IS NOT NULL)
);
-- One thing, one mail.
CREATE UNIQUE INDEX outbox_once ON kuji.outbox (campaign_id, kind, n) WHERE n IS NOT NULL;
CREATE INDEX outbox_due ON kuji.outbox (tenant_id, urgent DESC, due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_campaign ON kuji.outbox (campaign_id, created_at);
COMMENT ON COLUMN kuji.outbox.id IS 'its Message-ID, again and again';
COMMENT ON COLUMN kuji.outbox.n IS 'the draw that it is about';
COMMENT ON COLUMN kuji.outbox.due_at IS 'queued: not sent before; sending: taken again if it still is by then';
COMMENT ON COLUMN kuji.outbox.expires_at IS 'of no use to anybody after that';
COMMENT ON COLUMN kuji.outbox.reason IS 'the mail server''s status, or ours; nothing that says of whom';
COMMENT ON COLUMN kuji.outbox.participant IS 'whom to write to: participant_mail has the address';
COMMENT ON COLUMN kuji.outbox.address IS 'for whoever is not there: sealed; gone once the mail is';
COMMENT ON COLUMN kuji.outbox.data IS 'what the mail says and no table does (codes), sealed; gone once the mail is';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['participant_mail', 'mail_challenge', 'outbox']
    LOOP
        EXECUTE format('ALTER TABLE kuji.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE kuji.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($policy$
            CREATE POLICY tenant ON kuji.%I
                USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid))
            $policy$, name);
    END LOOP;
END
$$;

-- What has left does not come back: only what failed is sent again.
CREATE FUNCTION kuji_api.outbox_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.state = 'sent' AND NEW.state <> 'sent' THEN
        RAISE EXCEPTION 'mail % was sent', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER outbox_guard AFTER UPDATE OF state ON kuji.outbox
    FOR EACH ROW EXECUTE FUNCTION kuji_api.outbox_guard();

GRANT SELECT, INSERT, DELETE, UPDATE (verified_at, language, base, address) ON kuji.participant_mail TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (used_at, tries) ON kuji.mail_challenge TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (due_at, expires_at, ended_at, tries, state, reason, participant, address, data)
   ON kuji.outbox TO kuji_web;
GRANT SELECT (campaign_id, tenant_id, verified_at, language) ON kuji.participant_mail TO kuji_read;
GRANT SELECT (id, campaign_id, tenant_id, n, created_at, due_at, expires_at, ended_at, tries, kind, state, reason)
   ON kuji.outbox TO kuji_read;

-- Tenants that have mail to send: the sender then goes tenant by tenant.
RESET ROLE;
CREATE FUNCTION kuji_api.mail_due(at bigint)
RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id FROM kuji.tenant t
     WHERE EXISTS (SELECT FROM kuji.outbox o
                    WHERE o.tenant_id = t.id AND o.state IN ('queued', 'sending')
                      AND o.urgent IN (true, false) AND o.due_at <= mail_due.at)
     ORDER BY t.id
$$;
-- Of what should be on its way by now, ms: the oldest's.
CREATE FUNCTION kuji_api.mail_waits(at bigint)
RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(mail_waits.at - min(o.created_at), 0)
      FROM kuji.tenant t
     CROSS JOIN LATERAL (SELECT created_at FROM kuji.outbox
                          WHERE tenant_id = t.id AND state IN ('queued', 'sending')
                            AND expires_at > mail_waits.at
                          ORDER BY urgent DESC, due_at LIMIT 1) AS o
$$;
GRANT SELECT (tenant_id, state, urgent, due_at, created_at, expires_at) ON kuji.outbox TO kuji_lookup;
ALTER FUNCTION kuji_api.mail_due(bigint) OWNER TO kuji_lookup;
ALTER FUNCTION kuji_api.mail_waits(bigint) OWNER TO kuji_lookup;
REVOKE EXECUTE ON FUNCTION kuji_api.mail_due(bigint), kuji_api.mail_waits(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kuji_api.mail_due(bigint), kuji_api.mail_waits(bigint) TO kuji_web;

COMMIT;
