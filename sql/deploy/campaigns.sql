-- Deploy mod_kuji:campaigns to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- campaign and prize carry the state that every batch of draws rewrites: one
-- row each, changed thousands of times a second. The low fillfactor leaves
-- room for the new versions on the same page, and none of the changing columns
-- is indexed, so that no index is touched (HOT) and old versions are cleared
-- on the fly. vacuum_truncate would lock readers out for nothing.
--
-- PostgreSQL prepares every CHECK of a table anew for each statement that
-- writes to it (2 to 5 us each, a third of the campaign's update), so what
-- batches never change is checked by the columns' domains, which are looked at
-- only when such a column is set, and by triggers (change "rules").

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE DOMAIN kuji.slug AS text
    CHECK (VALUE ~ '^[a-z0-9][a-z0-9-]{0,62}$');
CREATE DOMAIN kuji.campaign_status AS text
    CHECK (VALUE IN ('draft', 'published', 'paused', 'closed'));
CREATE DOMAIN kuji.campaign_method AS text
    CHECK (VALUE IN ('odds', 'box', 'moment', 'raffle'));
CREATE DOMAIN kuji.time_zone AS text
    CHECK (VALUE ~ '^[A-Za-z0-9_+/-]{1,64}$');
CREATE DOMAIN kuji.prize_code AS text COLLATE "C"
    CHECK (VALUE ~ '^[A-Za-z0-9-]{1,32}$' AND VALUE <> 'blank');
CREATE DOMAIN kuji.prize_kind AS text
    CHECK (VALUE IN ('parcel', 'gift_code', 'coupon', 'link', 'message'));

CREATE TABLE kuji.campaign (
    id          bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id   uuid     NOT NULL REFERENCES kuji.tenant,
    uuid        uuid     NOT NULL UNIQUE,
    slug        kuji.slug NOT NULL,
    status      kuji.campaign_status NOT NULL DEFAULT 'draft',
    method      kuji.campaign_method NOT NULL,
    opens_at    bigint   NOT NULL,
    closes_at   bigint   NOT NULL,
    timezone    kuji.time_zone NOT NULL,
    version     integer  NOT NULL DEFAULT 1,
    raffled_at  bigint,
    closed_at   bigint,
    -- from here on: rewritten by every batch
    next_n      bigint   NOT NULL DEFAULT 1,
    size        bigint   NOT NULL DEFAULT 0,
    last_t      bigint   NOT NULL DEFAULT 0,
    blanks_left bigint,
    day_draws   bigint   NOT NULL DEFAULT 0,
    day         integer  NOT NULL DEFAULT 0,
    edge        bytea    NOT NULL DEFAULT '',
    UNIQUE (tenant_id, slug),
    -- what the tables that belong to a campaign refer to, so that their tenant
    -- is always the campaign's
    UNIQUE (id, tenant_id),
    CONSTRAINT campaign_state CHECK (next_n >= 1 AND size >= next_n - 1 AND blanks_left >= 0
                                     AND octet_length(edge) % 32 = 0)
) WITH (fillfactor = 20, vacuum_truncate = off);
-- Hashes do not compress, and the row is read and written whole.
ALTER TABLE kuji.campaign ALTER COLUMN edge SET STORAGE PLAIN;
-- The job that closes campaigns looks for the due ones again and again.
CREATE INDEX campaign_due ON kuji.campaign (closes_at) WHERE status IN ('published', 'paused');

COMMENT ON COLUMN kuji.campaign.version IS 'counts edits: optimistic locking of forms';
COMMENT ON COLUMN kuji.campaign.next_n IS 'number of the next draw';
COMMENT ON COLUMN kuji.campaign.size IS 'leaves of the ledger';
COMMENT ON COLUMN kuji.campaign.edge IS 'right edge of the Merkle tree: 32 bytes per one-bit of size';
COMMENT ON COLUMN kuji.campaign.last_t IS 't of the last leaf';
COMMENT ON COLUMN kuji.campaign.day IS 'days since 1970-01-01 in timezone, which day_draws counts';

CREATE TABLE kuji.campaign_config (
    campaign_id bigint  PRIMARY KEY,
    tenant_id   uuid    NOT NULL,
    config      jsonb   NOT NULL CHECK (jsonb_typeof(config) = 'object'),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);
COMMENT ON TABLE kuji.campaign_config IS 'what the organiser wrote';

-- No cascade from here on: what has been published is never deleted.
CREATE TABLE kuji.manifest (
    campaign_id bigint  PRIMARY KEY,
    tenant_id   uuid    NOT NULL,
    bytes       text    NOT NULL,
    hash        bytea   NOT NULL CHECK (hash = sha256(convert_to(bytes, 'UTF8'))),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id)
);
COMMENT ON TABLE kuji.manifest IS 'what was promised: exact canonical bytes, never changed';

CREATE TABLE kuji.campaign_secret (
    campaign_id bigint  PRIMARY KEY,
    tenant_id   uuid    NOT NULL,
    seed        bytea   NOT NULL,
    key         bytea   NOT NULL,
    -- sealed forms only (77 bytes): a bare seed of 32 bytes does not get in
    CHECK (octet_length(seed) = 77 AND octet_length(key) = 77 AND seed <> key),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id)
);
COMMENT ON TABLE kuji.campaign_secret IS 'seed and K, sealed by the tenant''s data key';

CREATE TABLE kuji.prize (
    campaign_id bigint   NOT NULL,
    tenant_id   uuid     NOT NULL,
    pos         smallint NOT NULL,
    code        kuji.prize_code NOT NULL,
    kind        kuji.prize_kind NOT NULL,
    declared    bigint   NOT NULL,
    added       bigint   NOT NULL DEFAULT 0,
    units_left  bigint   NOT NULL,
    awarded     bigint   NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign_id, pos),
    UNIQUE (campaign_id, code),
    -- at every instant, whatever the program did
    CONSTRAINT prize_sum CHECK (units_left >= 0 AND awarded >= 0 AND declared >= 1 AND added >= 0
                                AND awarded + units_left = declared + added),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
) WITH (fillfactor = 20, vacuum_truncate = off);
COMMENT ON COLUMN kuji.prize.pos IS 'place in the manifest, from 0';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['campaign', 'campaign_config', 'manifest', 'campaign_secret', 'prize']
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
-- Besides the tenant's: only drafts, and the prizes of drafts, can be deleted.
CREATE POLICY draft ON kuji.campaign AS RESTRICTIVE FOR DELETE
    USING (status = 'draft');
CREATE POLICY draft ON kuji.prize AS RESTRICTIVE FOR DELETE
    USING (EXISTS (SELECT FROM kuji.campaign c WHERE c.id = campaign_id AND c.status = 'draft'));

GRANT SELECT, INSERT, DELETE,
      UPDATE (slug, status, method, opens_at, closes_at, timezone, version, raffled_at, closed_at,
              next_n, size, last_t, blanks_left, day_draws, day, edge)
   ON kuji.campaign TO kuji_web;
GRANT SELECT, INSERT, UPDATE (config) ON kuji.campaign_config TO kuji_web;
GRANT SELECT, INSERT ON kuji.manifest, kuji.campaign_secret TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (added, units_left, awarded) ON kuji.prize TO kuji_web;

GRANT SELECT ON kuji.campaign, kuji.campaign_config, kuji.manifest, kuji.prize TO kuji_read;

COMMIT;
