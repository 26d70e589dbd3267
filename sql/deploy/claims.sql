-- Deploy mod_kuji:claims to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Serial codes, and what becomes of a draw afterwards. code and claim are
-- written by batches, hence without foreign keys, like the hot tables; code's
-- one CHECK is the last word on a code's uses.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE DOMAIN kuji.claim_state AS text
    CHECK (VALUE IN ('won', 'claimed', 'shipped', 'redeemed', 'delivered', 'expired', 'void'));

CREATE TABLE kuji.code_batch (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id bigint  NOT NULL,
    tenant_id   uuid    NOT NULL,
    name        text    NOT NULL,
    size        bigint  NOT NULL CHECK (size >= 0),
    uses        integer NOT NULL DEFAULT 1 CHECK (uses >= 1),
    disabled    boolean NOT NULL DEFAULT false,
    created_at  bigint  NOT NULL,
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);
CREATE INDEX code_batch_campaign ON kuji.code_batch (campaign_id);
COMMENT ON COLUMN kuji.code_batch.uses IS 'draws that each of its codes is worth';

CREATE TABLE kuji.code (
    campaign_id bigint  NOT NULL,
    batch_id    bigint  NOT NULL,
    uses_left   integer NOT NULL CHECK (uses_left >= 0),
    tenant_id   uuid    NOT NULL,
    digest      bytea   NOT NULL,
    PRIMARY KEY (campaign_id, digest)
) WITH (fillfactor = 90, vacuum_truncate = off);
COMMENT ON COLUMN kuji.code.digest IS 'keyed digest of the normalised code; the code itself is stored nowhere';

CREATE TABLE kuji.claim (
    campaign_id bigint   NOT NULL,
    n           bigint   NOT NULL,
    updated_at  bigint   NOT NULL,
    pos         smallint NOT NULL,
    tenant_id   uuid     NOT NULL,
    state       kuji.claim_state NOT NULL DEFAULT 'won',
    PRIMARY KEY (campaign_id, n)
) WITH (fillfactor = 90);
COMMENT ON TABLE kuji.claim IS 'one row a win';
COMMENT ON COLUMN kuji.claim.pos IS 'the prize''s place in the manifest';

-- The primary key is the rule: a draw is voided once.
CREATE TABLE kuji.voided (
    campaign_id bigint  NOT NULL,
    n           bigint  NOT NULL,
    i           bigint  NOT NULL,
    returned    boolean NOT NULL,
    tenant_id   uuid    NOT NULL,
    note        text    NOT NULL DEFAULT '',
    PRIMARY KEY (campaign_id, n)
);
COMMENT ON COLUMN kuji.voided.i IS 'its void leaf';
COMMENT ON COLUMN kuji.voided.note IS 'free text, private; the ledger has the public reason';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['code_batch', 'code', 'claim', 'voided']
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

GRANT SELECT, INSERT, UPDATE (name, size, disabled) ON kuji.code_batch TO kuji_web;
GRANT SELECT, INSERT, UPDATE (uses_left) ON kuji.code TO kuji_web;
GRANT SELECT, INSERT, UPDATE (state, updated_at) ON kuji.claim TO kuji_web;
GRANT SELECT, INSERT ON kuji.voided TO kuji_web;

GRANT SELECT ON kuji.code_batch, kuji.claim TO kuji_read;
GRANT SELECT (campaign_id, batch_id, uses_left, tenant_id) ON kuji.code TO kuji_read;
GRANT SELECT (campaign_id, n, i, returned, tenant_id) ON kuji.voided TO kuji_read;

COMMIT;
