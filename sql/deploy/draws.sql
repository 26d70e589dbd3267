-- Deploy mod_kuji:draws to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- The hot tables: three rows a draw, so every byte, index and trigger counts.
-- No foreign keys, no triggers, no CHECKs: the campaign's row is locked by
-- whoever writes here, row-level security keeps tenants apart, and the close
-- counts (change "rules"). Columns are in the order
-- that leaves no padding. ledger and draw are written once: full pages, and
-- frozen by the first vacuum that sees them.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE TABLE kuji.ledger (
    campaign_id bigint  NOT NULL,
    i           bigint  NOT NULL,
    tenant_id   uuid    NOT NULL,
    leaf        text    NOT NULL,
    PRIMARY KEY (campaign_id, i)
) WITH (autovacuum_freeze_min_age = 0);
COMMENT ON TABLE kuji.ledger IS 'the leaves, exact canonical bytes; leaf 0 is the manifest';

CREATE TABLE kuji.ledger_node (
    campaign_id bigint   NOT NULL,
    idx         bigint   NOT NULL,
    level       smallint NOT NULL,
    tenant_id   uuid     NOT NULL,
    hash        bytea    NOT NULL,
    PRIMARY KEY (campaign_id, level, idx)
);
COMMENT ON TABLE kuji.ledger_node IS 'roots of the full subtrees of 2^level leaves, so that proofs read O(log n) rows';

CREATE TABLE kuji.draw (
    campaign_id bigint   NOT NULL,
    n           bigint   NOT NULL,
    i           bigint   NOT NULL,
    first_n     bigint   NOT NULL,
    prev_n      bigint,
    count       smallint NOT NULL,
    tenant_id   uuid     NOT NULL,
    participant bytea,
    key         bytea,
    body        bytea,
    code        bytea,
    PRIMARY KEY (campaign_id, n)
) WITH (autovacuum_freeze_min_age = 0);
-- One key, one request: the last word on idempotency.
CREATE UNIQUE INDEX draw_key ON kuji.draw (campaign_id, key) WHERE key IS NOT NULL;
COMMENT ON COLUMN kuji.draw.i IS 'its leaf';
COMMENT ON COLUMN kuji.draw.first_n IS 'first n of the request it came with';
COMMENT ON COLUMN kuji.draw.count IS 'draws of the request; 0 on all but its first';
COMMENT ON COLUMN kuji.draw.participant IS 'keyed digest, 16 bytes; null once erased';
COMMENT ON COLUMN kuji.draw.prev_n IS 'the participant''s draw before this one; null: none';
COMMENT ON COLUMN kuji.draw.key IS 'keyed digest of the idempotency key; null on all but the request''s first draw';
COMMENT ON COLUMN kuji.draw.body IS 'keyed digest of the request''s body, null where key is';
COMMENT ON COLUMN kuji.draw.code IS 'keyed digest of the code it used';

CREATE TABLE kuji.participant (
    campaign_id bigint  NOT NULL,
    last_n      bigint,
    erased_at   bigint,
    draws       integer NOT NULL DEFAULT 0,
    wins        integer NOT NULL DEFAULT 0,
    day         integer NOT NULL DEFAULT 0,
    day_draws   integer NOT NULL DEFAULT 0,
    tenant_id   uuid    NOT NULL,
    digest      bytea   NOT NULL,
    salt        bytea,
    PRIMARY KEY (campaign_id, digest)
) WITH (fillfactor = 90, vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0.1);
COMMENT ON TABLE kuji.participant IS 'what limits count; an erased one stays as a tombstone until the close';
COMMENT ON COLUMN kuji.participant.salt IS 'opens who; null once erased';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['ledger', 'ledger_node', 'draw', 'participant']
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

-- What has been recorded stays: no UPDATE, no DELETE. An erasure cuts the
-- draw's link to the participant and the participant's salt.
GRANT SELECT, INSERT ON kuji.ledger, kuji.ledger_node TO kuji_web;
GRANT SELECT, INSERT, UPDATE (participant) ON kuji.draw TO kuji_web;
GRANT SELECT, INSERT, UPDATE (last_n, erased_at, draws, wins, day, day_draws, salt)
   ON kuji.participant TO kuji_web;

GRANT SELECT ON kuji.ledger, kuji.ledger_node TO kuji_read;
GRANT SELECT (campaign_id, n, i, first_n, prev_n, count, tenant_id) ON kuji.draw TO kuji_read;
GRANT SELECT (campaign_id, last_n, erased_at, draws, wins, day, day_draws, tenant_id)
   ON kuji.participant TO kuji_read;

COMMIT;
