-- Deploy mod_kuji:line to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- LINE: a tenant's settings, and who of a campaign's participants came by it.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE TABLE kuji.line (
    tenant_id  uuid    PRIMARY KEY REFERENCES kuji.tenant ON DELETE CASCADE,
    updated_at bigint  NOT NULL,
    version    integer NOT NULL CHECK (version >= 1),
    config     jsonb   NOT NULL CHECK (config ->> 'channel' ~ '^[0-9]{1,20}$'
                                       AND NOT config ? 'secret'),
    secret     bytea   NOT NULL CHECK (octet_length(secret) > 45)
);
COMMENT ON COLUMN kuji.line.config IS 'all but the secret (core/line_config.h)';
COMMENT ON COLUMN kuji.line.secret IS 'the channel''s, sealed by the tenant''s data key';

CREATE TABLE kuji.participant_line (
    campaign_id bigint  NOT NULL,
    digest      bytea   NOT NULL CHECK (octet_length(digest) = 16),
    tenant_id   uuid    NOT NULL,
    verified_at bigint  NOT NULL,
    is_friend   boolean,
    person      bytea   NOT NULL CHECK (octet_length(person) > 45),
    PRIMARY KEY (campaign_id, digest),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);
COMMENT ON TABLE kuji.participant_line IS 'participants who came by LINE';
COMMENT ON COLUMN kuji.participant_line.digest IS 'of the participant, as in draw and participant';
COMMENT ON COLUMN kuji.participant_line.is_friend IS 'of the linked account, when last looked; null: not looked';
COMMENT ON COLUMN kuji.participant_line.person IS 'LINE''s user id, name and picture where asked for, sealed by the tenant''s data key';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['line', 'participant_line']
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

GRANT SELECT, INSERT, UPDATE (updated_at, version, config, secret) ON kuji.line TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (verified_at, is_friend, person) ON kuji.participant_line TO kuji_web;

COMMIT;
