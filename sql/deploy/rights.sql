-- Deploy mod_kuji:rights to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What participants agreed to, in which words, when and where; and how far an
-- erasure by retention has come, so that its receipt counts all of it.

BEGIN;

SET LOCAL ROLE kuji_owner;

-- Words are kept once and never change: another sentence is another row.
CREATE TABLE kuji.consent_text (
    campaign_id bigint NOT NULL,
    digest      bytea  NOT NULL CHECK (octet_length(digest) = 16),
    tenant_id   uuid   NOT NULL,
    kind        text   NOT NULL CHECK (kind IN ('terms', 'marketing')),
    language    text   NOT NULL CHECK (language IN ('ja', 'en')),
    wording     text   NOT NULL CHECK (wording <> ''),
    purpose     text,
    created_at  bigint NOT NULL,
    PRIMARY KEY (campaign_id, digest),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);
COMMENT ON TABLE kuji.consent_text IS 'sentences that stood beside a box to tick, each once';
COMMENT ON COLUMN kuji.consent_text.digest IS 'of campaign, kind, language, wording and purpose (store/consent.h)';
COMMENT ON COLUMN kuji.consent_text.purpose IS 'what the page said then of the use of personal data';

-- A batch of draws writes these: no foreign key, which would look up a text
-- for each row; its statement joins the texts, and nobody can delete one.
CREATE TABLE kuji.consent (
    campaign_id  bigint NOT NULL,
    participant  bytea  NOT NULL CHECK (octet_length(participant) = 16),
    digest       bytea  NOT NULL CHECK (octet_length(digest) = 16),
    at           bigint NOT NULL,
    withdrawn_at bigint CHECK (withdrawn_at >= at),
    tenant_id    uuid   NOT NULL,
    page         text   NOT NULL CHECK (page LIKE '/k/%'),
    PRIMARY KEY (campaign_id, participant, digest, at)
);
COMMENT ON TABLE kuji.consent IS 'who agreed to which sentence; given again after it was withdrawn it is another row';
COMMENT ON COLUMN kuji.consent.participant IS 'keyed digest, as in participant; gone with the person';
COMMENT ON COLUMN kuji.consent.page IS 'path below the mount of the page with the box';

CREATE TABLE kuji.retention (
    campaign_id bigint PRIMARY KEY,
    tenant_id   uuid   NOT NULL,
    next_n      bigint NOT NULL CHECK (next_n >= 1),
    draws       bigint NOT NULL CHECK (draws >= 0),
    claims      bigint NOT NULL CHECK (claims >= 0),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);
COMMENT ON TABLE kuji.retention IS 'campaigns whose personal data is being erased: draws below next_n are done; gone with the receipt';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['consent_text', 'consent', 'retention']
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

GRANT SELECT, INSERT ON kuji.consent_text TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (withdrawn_at) ON kuji.consent TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (next_n, draws, claims) ON kuji.retention TO kuji_web;

GRANT SELECT ON kuji.consent_text, kuji.retention TO kuji_read;
GRANT SELECT (campaign_id, digest, at, withdrawn_at, tenant_id, page) ON kuji.consent TO kuji_read;

COMMIT;
