-- Deploy mod_kuji:gates to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What gates ask for beyond serial codes, and draws that an admin should look
-- at. Nothing here is touched by a draw of a campaign without these gates.

BEGIN;

SET LOCAL ROLE kuji_owner;

-- Of older batches nobody knows: false asks the database, as before.
ALTER TABLE kuji.code_batch ADD COLUMN checked boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN kuji.code_batch.checked IS 'made by us: each code ends with its check symbol';

CREATE TABLE kuji.passphrase (
    campaign_id bigint    PRIMARY KEY,
    version     integer   NOT NULL CHECK (version >= 1),
    tenant_id   uuid      NOT NULL,
    days        integer[] NOT NULL,
    digests     bytea[]   NOT NULL,
    sealed      bytea     NOT NULL,
    CHECK (cardinality(days) = cardinality(digests)),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);
COMMENT ON COLUMN kuji.passphrase.days IS 'of each: days since 1970 in the campaign''s time zone; -1: every day';
COMMENT ON COLUMN kuji.passphrase.digests IS 'keyed digests of the normalised passphrases';
COMMENT ON COLUMN kuji.passphrase.sealed IS 'the list as the admin wrote it';

CREATE TABLE kuji.link (
    campaign_id bigint   NOT NULL,
    expires_at  bigint   NOT NULL,
    created_at  bigint   NOT NULL,
    uses        smallint NOT NULL CHECK (uses BETWEEN 1 AND 100),
    uses_left   smallint NOT NULL CHECK (uses_left BETWEEN 0 AND uses),
    tenant_id   uuid     NOT NULL,
    digest      bytea    NOT NULL,
    participant bytea    NOT NULL,
    session     bytea,
    sealed      bytea    NOT NULL,
    PRIMARY KEY (campaign_id, digest),
    CHECK ((uses_left < uses) <= (session IS NOT NULL)),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
) WITH (fillfactor = 90);
CREATE INDEX link_participant ON kuji.link (campaign_id, participant);
COMMENT ON TABLE kuji.link IS 'links that programs asked for, each for one participant';
COMMENT ON COLUMN kuji.link.digest IS 'keyed digest of the token; the token itself is stored nowhere';
COMMENT ON COLUMN kuji.link.participant IS 'keyed digest, as in draw';
COMMENT ON COLUMN kuji.link.session IS 'keyed digest of the browser that drew by it first; nobody else may';
COMMENT ON COLUMN kuji.link.sealed IS 'participant and carried data';

CREATE TABLE kuji.link_draw (
    campaign_id bigint NOT NULL,
    n           bigint NOT NULL,
    tenant_id   uuid   NOT NULL,
    link        bytea  NOT NULL,
    PRIMARY KEY (campaign_id, n)
);
COMMENT ON TABLE kuji.link_draw IS 'by which link a draw was made';

CREATE TABLE kuji.flag (
    campaign_id bigint   NOT NULL,
    n           bigint   NOT NULL,
    reasons     smallint NOT NULL CHECK (reasons > 0),
    tenant_id   uuid     NOT NULL,
    PRIMARY KEY (campaign_id, n)
);
COMMENT ON TABLE kuji.flag IS 'draws that an admin should look at; they are as valid as any';
COMMENT ON COLUMN kuji.flag.reasons IS 'bits: 1 many participants from one network, 2 one browser under several identities, 4 a disposable address';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['passphrase', 'link', 'link_draw', 'flag']
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

GRANT UPDATE (checked) ON kuji.code_batch TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (version, days, digests, sealed) ON kuji.passphrase TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (uses_left, session) ON kuji.link TO kuji_web;
GRANT SELECT, INSERT, DELETE ON kuji.link_draw TO kuji_web;
GRANT SELECT, INSERT, UPDATE (reasons) ON kuji.flag TO kuji_web;

GRANT SELECT (campaign_id, version, tenant_id) ON kuji.passphrase TO kuji_read;
GRANT SELECT (campaign_id, expires_at, created_at, uses, uses_left, tenant_id) ON kuji.link TO kuji_read;
GRANT SELECT (campaign_id, n, tenant_id) ON kuji.link_draw TO kuji_read;
GRANT SELECT ON kuji.flag TO kuji_read;

COMMIT;
