-- Deploy mod_kuji:line_by_mail to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What LINE does not deliver goes on by mail, where an address is known: the
-- same row, so that one thing is told once.

BEGIN;

SET LOCAL ROLE kuji_owner;

GRANT UPDATE (channel) ON kuji.outbox TO kuji_web;
COMMENT ON COLUMN kuji.outbox.channel IS 'what carries it now; one thing is told by one channel (outbox_once)';

-- A mail may be read already when LINE answers: there is no way back.
CREATE FUNCTION kuji_api.outbox_channel_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'mail % stays one', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER outbox_channel_guard AFTER UPDATE OF channel ON kuji.outbox
    FOR EACH ROW WHEN (OLD.channel = 'mail' AND NEW.channel <> 'mail')
    EXECUTE FUNCTION kuji_api.outbox_channel_guard();

COMMIT;
