-- Revert mod_kuji:line_messages from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.line_event;
DROP TABLE kuji.line_friend;

DELETE FROM kuji.outbox WHERE channel = 'line';

CREATE OR REPLACE FUNCTION kuji_api.mail_due(at bigint)
RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id FROM kuji.tenant t
     WHERE EXISTS (SELECT FROM kuji.outbox o
                    WHERE o.tenant_id = t.id AND o.state IN ('queued', 'sending')
                      AND o.urgent IN (true, false) AND o.due_at <= mail_due.at)
     ORDER BY t.id
$$;
CREATE OR REPLACE FUNCTION kuji_api.mail_waits(at bigint)
RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(mail_waits.at - min(o.created_at), 0)
      FROM kuji.tenant t
     CROSS JOIN LATERAL (SELECT created_at FROM kuji.outbox
                          WHERE tenant_id = t.id AND state IN ('queued', 'sending')
                            AND expires_at > mail_waits.at
                          ORDER BY urgent DESC, due_at LIMIT 1) AS o
$$;
DROP FUNCTION kuji_api.outbox_waits(text, bigint);
DROP FUNCTION kuji_api.outbox_due(text, bigint);
REVOKE SELECT (reason) ON kuji.outbox FROM kuji_lookup;

SET LOCAL ROLE kuji_owner;

DROP INDEX kuji.participant_line_user;
ALTER TABLE kuji.participant_line DROP COLUMN line_user, DROP COLUMN language, DROP COLUMN base;

DROP INDEX kuji.outbox_due_by_channel;
CREATE INDEX outbox_due ON kuji.outbox (tenant_id, urgent DESC, due_at) WHERE state IN ('queued', 'sending');
ALTER TABLE kuji.outbox
    DROP CONSTRAINT outbox_kind_check,
    DROP CONSTRAINT outbox_number_check,
    DROP COLUMN channel,
    DROP COLUMN handed_at,
    ADD CONSTRAINT outbox_check1 CHECK ((kind IN ('code', 'erased', 'test')) = (n IS NULL));
COMMENT ON COLUMN kuji.outbox.id IS 'its Message-ID, again and again';
ALTER DOMAIN kuji.mail_kind DROP CONSTRAINT mail_kind_check;
ALTER DOMAIN kuji.mail_kind ADD CONSTRAINT mail_kind_check
    CHECK (VALUE IN ('code', 'win', 'remind', 'claimed', 'shipped', 'erased', 'test'));

COMMIT;
