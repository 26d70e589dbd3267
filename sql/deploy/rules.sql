-- Deploy mod_kuji:rules to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Rules that a CHECK cannot say. The triggers fire only for statements that
-- set the columns they watch, so a batch of draws never meets them.

BEGIN;

SET LOCAL ROLE kuji_owner;

-- What the manifest says is fixed from publication on, and a campaign goes
-- draft, published, (paused and back,) closed.
CREATE FUNCTION kuji_api.campaign_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.status <> 'draft'
       AND (OLD.slug, OLD.method, OLD.opens_at, OLD.closes_at, OLD.timezone)
           IS DISTINCT FROM (NEW.slug, NEW.method, NEW.opens_at, NEW.closes_at, NEW.timezone)
    THEN
        RAISE EXCEPTION 'campaign % is published: its manifest does not change', OLD.id
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status <> NEW.status
       AND (OLD.status, NEW.status) NOT IN (('draft', 'published'),
                                            ('published', 'paused'), ('paused', 'published'),
                                            ('published', 'closed'), ('paused', 'closed'))
    THEN
        RAISE EXCEPTION 'campaign % cannot go from % to %', OLD.id, OLD.status, NEW.status
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER campaign_guard
    AFTER UPDATE OF slug, status, method, opens_at, closes_at, timezone ON kuji.campaign
    FOR EACH ROW EXECUTE FUNCTION kuji_api.campaign_guard();

-- At the end of the transaction that closes: nothing is missing and nothing is
-- there twice (the primary keys), and the counters tell the truth.
CREATE FUNCTION kuji_api.campaign_close_sums() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    leaves bigint;
    last_i bigint;
    draws  bigint;
    last_n bigint;
    now_is kuji.campaign%ROWTYPE;
BEGIN
    SELECT * INTO now_is FROM kuji.campaign WHERE id = NEW.id;
    SELECT count(*), max(i) INTO leaves, last_i FROM kuji.ledger WHERE campaign_id = NEW.id;
    SELECT count(*), max(n) INTO draws, last_n FROM kuji.draw WHERE campaign_id = NEW.id;
    IF leaves <> now_is.size OR last_i IS DISTINCT FROM now_is.size - 1 THEN
        RAISE EXCEPTION 'campaign % has % leaves, the last is %, but its size is %',
                        NEW.id, leaves, last_i, now_is.size
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF draws <> now_is.next_n - 1 OR coalesce(last_n, 0) <> now_is.next_n - 1 THEN
        RAISE EXCEPTION 'campaign % has % draws, the last is %, but its next is %',
                        NEW.id, draws, last_n, now_is.next_n
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER campaign_close_sums
    AFTER UPDATE OF status ON kuji.campaign
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status = 'closed' AND OLD.status <> 'closed')
    EXECUTE FUNCTION kuji_api.campaign_close_sums();

COMMIT;
