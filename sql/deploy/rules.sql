-- Deploy mod_kuji:rules to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Rules of a campaign beyond its counters. The triggers fire only for
-- statements that set the columns they watch, so a batch of draws never meets
-- them.

BEGIN;

SET LOCAL ROLE kuji_owner;

-- A period has a length, closed campaigns and only they say when, what the
-- manifest says is fixed from publication on, and a campaign goes draft,
-- published, (paused and back,) closed.
CREATE FUNCTION kuji_api.campaign_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.opens_at >= NEW.closes_at
       OR (NEW.status = 'closed') <> (NEW.closed_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'campaign %: period or closed_at does not fit', NEW.id
              USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NULL;
    END IF;
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
    AFTER INSERT OR UPDATE OF slug, status, method, opens_at, closes_at, timezone, closed_at
    ON kuji.campaign
    FOR EACH ROW EXECUTE FUNCTION kuji_api.campaign_guard();

-- At the end of the transaction that closes: nothing is missing and nothing is
-- there twice (the primary keys), and the counters tell the truth.
CREATE FUNCTION kuji_api.campaign_close_sums() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at_end kuji.campaign%ROWTYPE;
    leaves record;
    draws  record;
BEGIN
    SELECT * INTO at_end FROM kuji.campaign WHERE id = NEW.id;
    SELECT count(*), min(i) AS first, max(i) AS last INTO leaves
      FROM kuji.ledger WHERE campaign_id = NEW.id;
    SELECT count(*), coalesce(min(n), 1) AS first, coalesce(max(n), 0) AS last INTO draws
      FROM kuji.draw WHERE campaign_id = NEW.id;
    IF (leaves.count, leaves.first, leaves.last) IS DISTINCT FROM (at_end.size, 0::bigint, at_end.size - 1)
    THEN
        RAISE EXCEPTION 'campaign % has % leaves, % to %, but its size is %',
                        NEW.id, leaves.count, leaves.first, leaves.last, at_end.size
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (draws.count, draws.first, draws.last) <> (at_end.next_n - 1, 1, at_end.next_n - 1)
    THEN
        RAISE EXCEPTION 'campaign % has % draws, % to %, but its next is %',
                        NEW.id, draws.count, draws.first, draws.last, at_end.next_n
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
