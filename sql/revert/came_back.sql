-- Revert mod_kuji:came_back from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SET LOCAL ROLE kuji_owner;

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

DROP TABLE kuji.came_back;

-- The first time that a claim came to each state.
DELETE FROM kuji.claim_step s
 USING kuji.claim_step f
 WHERE f.campaign_id = s.campaign_id AND f.n = s.n AND f.state = s.state AND f.at < s.at;
ALTER TABLE kuji.claim_step DROP CONSTRAINT claim_step_pkey,
    ADD PRIMARY KEY (campaign_id, n, state);

COMMIT;
