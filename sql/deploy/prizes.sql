-- Deploy mod_kuji:prizes to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- How prizes are handed over: until when a winner may change what they gave,
-- the shops that redeem coupons, and Japan Post's list of postal codes.

BEGIN;

SET LOCAL ROLE kuji_owner;

-- Kept from the first time on: a campaign's days to claim may be changed, what
-- a winner was told stays.
ALTER TABLE kuji.claim_detail ADD COLUMN due_at bigint;
COMMENT ON COLUMN kuji.claim_detail.due_at IS 'the winner may change data until then; null: no end';

CREATE TABLE kuji.shop (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id bigint  NOT NULL,
    tenant_id   uuid    NOT NULL,
    created_at  bigint  NOT NULL,
    disabled    boolean NOT NULL DEFAULT false,
    name        text    NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 300),
    digest      bytea   NOT NULL CHECK (octet_length(digest) = 16),
    UNIQUE (campaign_id, name),
    UNIQUE (id, campaign_id, tenant_id),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);
-- A passcode says which shop it was.
CREATE UNIQUE INDEX shop_passcode ON kuji.shop (campaign_id, digest);
COMMENT ON TABLE kuji.shop IS 'who redeems a campaign''s coupons, by a passcode';
COMMENT ON COLUMN kuji.shop.digest IS 'keyed digest of the passcode; the passcode itself is stored nowhere';

-- The primary key is the rule: a coupon is redeemed once.
CREATE TABLE kuji.redemption (
    campaign_id bigint NOT NULL,
    n           bigint NOT NULL,
    tenant_id   uuid   NOT NULL,
    at          bigint NOT NULL,
    shop_id     bigint NOT NULL,
    PRIMARY KEY (campaign_id, n),
    FOREIGN KEY (campaign_id, n) REFERENCES kuji.claim (campaign_id, n),
    FOREIGN KEY (shop_id, campaign_id, tenant_id) REFERENCES kuji.shop (id, campaign_id, tenant_id)
);
COMMENT ON TABLE kuji.redemption IS 'coupons that a shop redeemed on the winner''s phone';

CREATE TABLE kuji.coupon_try (
    campaign_id bigint  NOT NULL,
    n           bigint  NOT NULL,
    tenant_id   uuid    NOT NULL,
    tries       integer NOT NULL CHECK (tries >= 0),
    total       integer NOT NULL CHECK (total >= tries),
    since       bigint  NOT NULL,
    PRIMARY KEY (campaign_id, n),
    FOREIGN KEY (campaign_id, n) REFERENCES kuji.claim (campaign_id, n)
);
COMMENT ON TABLE kuji.coupon_try IS 'wrong passcodes: since `since`, and in all';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['shop', 'redemption', 'coupon_try']
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

-- Public data of the installation, nobody's own: hence no tenant and no
-- row-level security.
CREATE TABLE kuji.postal (
    code       text    NOT NULL CHECK (code ~ '^[0-9]{7}$'),
    is_sample  boolean NOT NULL,
    prefecture text    NOT NULL CHECK (prefecture <> ''),
    city       text    NOT NULL CHECK (city <> ''),
    town       text    NOT NULL,
    PRIMARY KEY (code, prefecture, city, town)
);
COMMENT ON TABLE kuji.postal IS 'postal codes and their places, from Japan Post''s list';
COMMENT ON COLUMN kuji.postal.is_sample IS 'from the few rows that are shipped, not from the whole list';
COMMENT ON COLUMN kuji.postal.town IS 'empty: the code is the whole city''s';

GRANT SELECT, INSERT, UPDATE (name, digest, disabled) ON kuji.shop TO kuji_web;
GRANT SELECT, INSERT ON kuji.redemption TO kuji_web;
GRANT SELECT, INSERT, UPDATE (tries, total, since) ON kuji.coupon_try TO kuji_web;
GRANT SELECT, INSERT, DELETE ON kuji.postal TO kuji_web;

GRANT SELECT (id, campaign_id, tenant_id, created_at, disabled, name) ON kuji.shop TO kuji_read;
GRANT SELECT ON kuji.redemption, kuji.coupon_try, kuji.postal TO kuji_read;

COMMIT;
