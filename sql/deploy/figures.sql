-- Deploy mod_kuji:figures to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What a campaign's figures are read from, so that nobody counts draws.
--
-- A campaign's and its prizes' counters grow with each batch. Whoever appends
-- the first leaf of a quarter of an hour (every time zone's days begin and end
-- with one) first writes down how they stand: a mark. Draws and wins of any
-- time are the difference of two marks, or of a mark and the counters: exact
-- in every snapshot, and free of charge for all other batches.
--
-- traffic counts what is no transaction: visits, refusals. Each process adds
-- to it every few seconds.
--
-- No foreign keys here: each that refers to a campaign is a trigger that every
-- batch's update of the campaign's row has to look at.

BEGIN;

SET LOCAL ROLE kuji_owner;

-- awarded is net of these; their sum never decreases.
ALTER TABLE kuji.prize ADD COLUMN returned bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN kuji.prize.returned IS 'units that a void gave back: awarded + returned were ever won';

CREATE TABLE kuji.mark (
    campaign_id bigint   NOT NULL,
    draws       bigint   NOT NULL CHECK (draws >= 0),
    quarter     integer  NOT NULL,
    tenant_id   uuid     NOT NULL,
    wins        bigint[] NOT NULL,
    PRIMARY KEY (campaign_id, quarter)
);
COMMENT ON TABLE kuji.mark IS 'a campaign''s counters before the first leaf of that quarter';
COMMENT ON COLUMN kuji.mark.quarter IS 'of an hour: t / 900000';
COMMENT ON COLUMN kuji.mark.wins IS 'units won so far, by the prize''s place';

CREATE TABLE kuji.traffic (
    campaign_id bigint  NOT NULL,
    count       bigint  NOT NULL CHECK (count >= 0),
    quarter     integer NOT NULL,
    tenant_id   uuid    NOT NULL,
    what        text    COLLATE "C" NOT NULL,
    PRIMARY KEY (campaign_id, quarter, what)
) WITH (fillfactor = 50);
COMMENT ON COLUMN kuji.traffic.what IS 'visit, or why a draw was refused';

-- Claims by state, but for "won": those are the rest of the units ever won.
-- No CHECK on count: a row is proposed with a difference before it is added.
CREATE TABLE kuji.claim_count (
    campaign_id bigint   NOT NULL,
    count       bigint   NOT NULL,
    tenant_id   uuid     NOT NULL,
    pos         smallint NOT NULL,
    state       kuji.claim_state NOT NULL,
    PRIMARY KEY (campaign_id, pos, state)
) WITH (fillfactor = 50);
COMMENT ON TABLE kuji.claim_count IS 'claims of a prize in a state other than won';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['mark', 'traffic', 'claim_count']
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

GRANT SELECT, INSERT ON kuji.mark TO kuji_web;
GRANT SELECT, INSERT, UPDATE (count) ON kuji.traffic, kuji.claim_count TO kuji_web;
GRANT UPDATE (returned) ON kuji.prize TO kuji_web;
GRANT SELECT ON kuji.mark, kuji.traffic, kuji.claim_count TO kuji_read;

-- Once a statement, whatever it changed; in one order, so that two of them wait
-- for each other at worst. Batches insert claims and never change them.
CREATE FUNCTION kuji_api.claim_counted() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO kuji.claim_count AS c (campaign_id, pos, state, tenant_id, count)
    SELECT m.campaign_id, m.pos, m.state, m.tenant_id, sum(m.by)
      FROM (SELECT campaign_id, pos, state, tenant_id, 1 AS by FROM after_it
            UNION ALL
            SELECT campaign_id, pos, state, tenant_id, -1 FROM before_it) m
     WHERE m.state <> 'won'
     GROUP BY m.campaign_id, m.pos, m.state, m.tenant_id
    HAVING sum(m.by) <> 0
     ORDER BY m.campaign_id, m.pos, m.state
        ON CONFLICT (campaign_id, pos, state) DO UPDATE SET count = c.count + excluded.count;
    RETURN NULL;
END
$$;

CREATE TRIGGER claim_counted
    AFTER UPDATE ON kuji.claim
    REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
    FOR EACH STATEMENT EXECUTE FUNCTION kuji_api.claim_counted();

COMMIT;
