-- Deploy mod_kuji:came_back to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- A parcel that comes back: its claim is where it was before the shipping, with
-- the reason, and may be shipped again. So a claim can come to the same state
-- twice, at another time. The new key's index is built beside the old one, while
-- claims go on; the change of keys itself takes no longer than one of the
-- catalogue.

-- A broken-off build leaves an index that is none: then this begins anew. That
-- there is none usually is no news.
SET ROLE kuji_owner;
SET client_min_messages = warning;
DROP INDEX CONCURRENTLY IF EXISTS kuji.claim_step_again;
RESET client_min_messages;
-- Whatever was unique is so with one column more.
CREATE UNIQUE INDEX CONCURRENTLY claim_step_again ON kuji.claim_step (campaign_id, n, state, at);
RESET ROLE;

BEGIN;

SET LOCAL ROLE kuji_owner;

-- That the index takes the key's name is no news.
SET LOCAL client_min_messages = warning;
ALTER TABLE kuji.claim_step DROP CONSTRAINT claim_step_pkey,
    ADD CONSTRAINT claim_step_pkey PRIMARY KEY USING INDEX claim_step_again;
SET LOCAL client_min_messages = notice;

CREATE TABLE kuji.came_back (
    campaign_id bigint NOT NULL,
    n           bigint NOT NULL,
    at          bigint NOT NULL,
    tenant_id   uuid   NOT NULL,
    reason      text   NOT NULL CHECK (reason IN ('absent', 'address', 'refused', 'damaged', 'other')),
    PRIMARY KEY (campaign_id, n, at),
    FOREIGN KEY (campaign_id, n) REFERENCES kuji.claim (campaign_id, n)
);
COMMENT ON TABLE kuji.came_back IS 'parcels that came back; at is that of the claim''s step';

ALTER TABLE kuji.came_back ENABLE ROW LEVEL SECURITY;
ALTER TABLE kuji.came_back FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kuji.came_back
    USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid));
GRANT SELECT, INSERT ON kuji.came_back TO kuji_web;
GRANT SELECT ON kuji.came_back TO kuji_read;

-- As people has it, and the way back.
CREATE OR REPLACE FUNCTION kuji_api.claim_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kind text;
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NULL;
    END IF;
    SELECT p.kind INTO kind FROM kuji.prize p
     WHERE p.campaign_id = NEW.campaign_id AND p.pos = NEW.pos;
    IF NOT (OLD.state <> 'void' AND NEW.state = 'void'
            OR OLD.state = 'won' AND NEW.state = 'expired'
            OR (kind, OLD.state, NEW.state) IN (('parcel', 'won', 'claimed'),
                                                ('parcel', 'won', 'delivered'),
                                                ('parcel', 'claimed', 'shipped'),
                                                ('parcel', 'claimed', 'delivered'),
                                                ('parcel', 'shipped', 'delivered'),
                                                ('parcel', 'shipped', 'claimed'),
                                                ('gift_code', 'won', 'claimed'),
                                                ('gift_code', 'won', 'delivered'),
                                                ('gift_code', 'claimed', 'delivered'),
                                                ('coupon', 'won', 'redeemed'),
                                                ('link', 'won', 'delivered'),
                                                ('message', 'won', 'delivered')))
    THEN
        RAISE EXCEPTION 'claim % of campaign % (%) cannot go from % to %',
                        OLD.n, OLD.campaign_id, kind, OLD.state, NEW.state
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    INSERT INTO kuji.claim_step (campaign_id, n, tenant_id, at, state)
    VALUES (NEW.campaign_id, NEW.n, NEW.tenant_id, NEW.updated_at, NEW.state);
    RETURN NULL;
END
$$;

COMMIT;
