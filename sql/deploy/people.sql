-- Deploy mod_kuji:people to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What happens after a win: the steps of a claim, what the winner gave,
-- gift codes, and how all of it is found and forgotten. A batch of draws
-- writes none of this; what it does write, claim, gets no trigger on INSERT
-- and no index that holds a row as the batch leaves it.

BEGIN;

SET LOCAL ROLE kuji_owner;

-- The filters of the winners' list; everything but what nobody touched yet.
CREATE INDEX claim_state ON kuji.claim (campaign_id, state, n) WHERE state <> 'won';

-- Never changed, one row a step: no claim comes to the same state twice.
CREATE TABLE kuji.claim_step (
    campaign_id bigint NOT NULL,
    n           bigint NOT NULL,
    at          bigint NOT NULL,
    tenant_id   uuid   NOT NULL,
    state       kuji.claim_state NOT NULL CHECK (state <> 'won'),
    PRIMARY KEY (campaign_id, n, state),
    FOREIGN KEY (campaign_id, n) REFERENCES kuji.claim (campaign_id, n)
);
COMMENT ON TABLE kuji.claim_step IS 'when a claim came to each state after won';

CREATE TABLE kuji.claim_detail (
    campaign_id bigint  NOT NULL,
    n           bigint  NOT NULL,
    updated_at  bigint  NOT NULL,
    erased_at   bigint,
    version     integer NOT NULL DEFAULT 1,
    tenant_id   uuid    NOT NULL,
    data        bytea   CHECK (octet_length(data) > 45),
    tracking    bytea   CHECK (octet_length(tracking) > 45),
    PRIMARY KEY (campaign_id, n),
    FOREIGN KEY (campaign_id, n) REFERENCES kuji.claim (campaign_id, n),
    CHECK (erased_at IS NULL OR data IS NULL AND tracking IS NULL)
);
COMMENT ON COLUMN kuji.claim_detail.data IS 'what the winner gave, a JSON object sealed by the tenant''s data key; null: nothing, or erased';
COMMENT ON COLUMN kuji.claim_detail.tracking IS 'the parcel''s tracking number, sealed: it leads to the address';
COMMENT ON COLUMN kuji.claim_detail.version IS 'counts changes: optimistic locking of corrections';

CREATE TABLE kuji.identifier (
    tenant_id   uuid   NOT NULL,
    digest      bytea  NOT NULL CHECK (octet_length(digest) = 16),
    campaign_id bigint NOT NULL,
    n           bigint NOT NULL,
    PRIMARY KEY (tenant_id, digest, campaign_id, n),
    FOREIGN KEY (campaign_id, n) REFERENCES kuji.claim_detail (campaign_id, n)
);
CREATE INDEX identifier_claim ON kuji.identifier (campaign_id, n);
COMMENT ON TABLE kuji.identifier IS 'keyed digests of the names, phone numbers and mail addresses in claim_detail.data';

CREATE DOMAIN kuji.gift_state AS text
    CHECK (VALUE IN ('free', 'assigned', 'void'));

CREATE TABLE kuji.gift_pool (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id bigint NOT NULL,
    tenant_id   uuid   NOT NULL,
    prize       kuji.prize_code NOT NULL,
    warn_at     bigint NOT NULL DEFAULT 0 CHECK (warn_at >= 0),
    created_at  bigint NOT NULL,
    UNIQUE (campaign_id, prize),
    UNIQUE (id, campaign_id, tenant_id),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);
COMMENT ON COLUMN kuji.gift_pool.warn_at IS 'warn once no more free codes than this are left';

CREATE TABLE kuji.gift_code (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pool_id     bigint  NOT NULL,
    campaign_id bigint  NOT NULL,
    n           bigint,
    changed_at  bigint  NOT NULL,
    tenant_id   uuid    NOT NULL,
    state       kuji.gift_state NOT NULL DEFAULT 'free',
    digest      bytea   NOT NULL CHECK (octet_length(digest) = 16),
    sealed      bytea   CHECK (octet_length(sealed) > 45),
    UNIQUE (pool_id, digest),
    CHECK ((state = 'free') = (n IS NULL) OR state = 'void'),
    CHECK (state <> 'free' OR sealed IS NOT NULL),
    FOREIGN KEY (pool_id, campaign_id, tenant_id)
        REFERENCES kuji.gift_pool (id, campaign_id, tenant_id) ON DELETE CASCADE
);
-- One code a win, whoever races.
CREATE UNIQUE INDEX gift_code_win ON kuji.gift_code (campaign_id, n) WHERE state = 'assigned';
CREATE INDEX gift_code_free ON kuji.gift_code (pool_id, id) WHERE state = 'free';
COMMENT ON COLUMN kuji.gift_code.n IS 'the draw it was handed out for';
COMMENT ON COLUMN kuji.gift_code.sealed IS 'the code, sealed by the tenant''s data key; null once its winner is erased';

CREATE TABLE kuji.erasure (
    id          uuid   PRIMARY KEY,
    campaign_id bigint NOT NULL,
    tenant_id   uuid   NOT NULL,
    at          bigint NOT NULL,
    cause       text   NOT NULL CHECK (cause IN ('request', 'retention')),
    draws       bigint NOT NULL CHECK (draws >= 0),
    claims      bigint NOT NULL CHECK (claims >= 0),
    tombstone   bytea  CHECK (octet_length(tombstone) = 16),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id)
);
-- Retention runs out once a campaign.
CREATE UNIQUE INDEX erasure_retention ON kuji.erasure (campaign_id) WHERE cause = 'retention';
CREATE INDEX erasure_campaign ON kuji.erasure (campaign_id);
COMMENT ON TABLE kuji.erasure IS 'receipts of what was erased; nothing in them says of whom';
COMMENT ON COLUMN kuji.erasure.tombstone IS 'keyed digest of the participant whose row keeps counting for the limits; null after the close';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['claim_step', 'claim_detail', 'identifier', 'gift_pool', 'gift_code', 'erasure']
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

-- core/claim.c decides; this holds it against everybody else. What the ledger
-- voids is void whatever became of it.
CREATE FUNCTION kuji_api.claim_guard() RETURNS trigger
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

CREATE TRIGGER claim_guard AFTER UPDATE OF state ON kuji.claim
    FOR EACH ROW EXECUTE FUNCTION kuji_api.claim_guard();

-- A code that was handed out never becomes another's, nor free again.
CREATE FUNCTION kuji_api.gift_code_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (('free', 'free'), ('free', 'assigned'), ('free', 'void'),
                                      ('assigned', 'assigned'), ('assigned', 'void'), ('void', 'void'))
       OR OLD.n IS NOT NULL AND NEW.n IS DISTINCT FROM OLD.n
       OR NEW.sealed IS NOT NULL AND NEW.sealed IS DISTINCT FROM OLD.sealed
    THEN
        RAISE EXCEPTION 'gift code % cannot become that', OLD.id
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER gift_code_guard AFTER UPDATE ON kuji.gift_code
    FOR EACH ROW EXECUTE FUNCTION kuji_api.gift_code_guard();

-- The first draw at or after a time: t never decreases along the ledger, so
-- this reads a few dozen rows however long it is. next_n where there is none.
CREATE FUNCTION kuji_api.draw_at(campaign bigint, at bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    low    bigint := 1;
    high   bigint;
    middle bigint;
    t      bigint;
BEGIN
    SELECT c.next_n INTO high FROM kuji.campaign c WHERE c.id = campaign;
    WHILE low < high LOOP
        middle := (low + high) / 2;
        SELECT (l.leaf::json ->> 't')::bigint INTO t
          FROM kuji.draw d
          JOIN kuji.ledger l ON l.campaign_id = d.campaign_id AND l.i = d.i
         WHERE d.campaign_id = campaign AND d.n = middle;
        IF t >= at THEN
            high := middle;
        ELSE
            low := middle + 1;
        END IF;
    END LOOP;
    RETURN low;
END
$$;

GRANT EXECUTE ON FUNCTION kuji_api.draw_at(bigint, bigint) TO kuji_web;

GRANT SELECT, INSERT ON kuji.claim_step TO kuji_web;
GRANT SELECT, INSERT, UPDATE (updated_at, erased_at, version, data, tracking) ON kuji.claim_detail TO kuji_web;
GRANT SELECT, INSERT, DELETE ON kuji.identifier TO kuji_web;
GRANT SELECT, INSERT, UPDATE (warn_at) ON kuji.gift_pool TO kuji_web;
GRANT SELECT, INSERT, UPDATE (n, changed_at, state, sealed) ON kuji.gift_code TO kuji_web;
GRANT SELECT, INSERT, UPDATE (tombstone) ON kuji.erasure TO kuji_web;

-- An erased draw's body digest gives way to random bytes: with the key it
-- could be computed from the participant's id again.
GRANT UPDATE (body) ON kuji.draw TO kuji_web;
-- Counters of limits are needed until the close and no longer.
GRANT DELETE ON kuji.participant TO kuji_web;
CREATE POLICY closed ON kuji.participant AS RESTRICTIVE FOR DELETE
    USING (EXISTS (SELECT FROM kuji.campaign c WHERE c.id = campaign_id AND c.status = 'closed'));

GRANT SELECT ON kuji.claim_step, kuji.gift_pool TO kuji_read;
GRANT SELECT (campaign_id, n, updated_at, erased_at, version, tenant_id) ON kuji.claim_detail TO kuji_read;
GRANT SELECT (id, pool_id, campaign_id, n, changed_at, tenant_id, state) ON kuji.gift_code TO kuji_read;
GRANT SELECT (id, campaign_id, tenant_id, at, cause, draws, claims) ON kuji.erasure TO kuji_read;

COMMIT;
