-- Deploy mod_kuji:line_messages to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Messages by LINE go through the outbox as mails do: a win is told once, by the
-- channel that the participant came by. Who is a friend of the tenant's account,
-- and which of LINE's events have been seen. Tables that are in use are locked
-- for no longer than a change of the catalogue takes: constraints are checked
-- and indexes built in transactions of their own.

BEGIN;

SET LOCAL ROLE kuji_owner;

ALTER DOMAIN kuji.mail_kind DROP CONSTRAINT mail_kind_check;
ALTER DOMAIN kuji.mail_kind ADD CONSTRAINT mail_kind_check
    CHECK (VALUE IN ('code', 'win', 'remind', 'claimed', 'shipped', 'erased', 'test', 'keyword')) NOT VALID;

ALTER TABLE kuji.outbox
    ADD COLUMN channel text NOT NULL DEFAULT 'mail',
    ADD COLUMN handed_at bigint,
    ADD CONSTRAINT outbox_channel_check CHECK (channel IN ('mail', 'line')) NOT VALID,
    ADD CONSTRAINT outbox_number_check
        CHECK ((kind IN ('code', 'erased', 'test', 'keyword')) = (n IS NULL)) NOT VALID,
    ADD CONSTRAINT outbox_kind_check CHECK (channel = 'line' OR kind <> 'keyword') NOT VALID,
    DROP CONSTRAINT outbox_check1;
COMMENT ON COLUMN kuji.outbox.id IS 'its Message-ID, or its retry key at LINE, again and again';
COMMENT ON COLUMN kuji.outbox.channel IS 'what carries it; one thing is told by one channel (outbox_once)';
COMMENT ON COLUMN kuji.outbox.handed_at IS 'given to LINE then, and no answer has said what became of it: its retry key is good for a day';

ALTER TABLE kuji.participant_line
    ADD COLUMN line_user bytea,
    ADD COLUMN language text,
    ADD COLUMN base text,
    ADD CONSTRAINT participant_line_line_user_check CHECK (octet_length(line_user) = 16) NOT VALID,
    ADD CONSTRAINT participant_line_language_check CHECK (language IN ('ja', 'en')) NOT VALID,
    ADD CONSTRAINT participant_line_base_check
        CHECK (length(base) <= 400 AND base ~ '^https?://[^[:space:]<>"]+$') NOT VALID,
    ADD CONSTRAINT participant_line_reach_check CHECK ((language IS NULL) = (base IS NULL)) NOT VALID;
COMMENT ON COLUMN kuji.participant_line.line_user IS 'keyed digest of LINE''s user id, the same in all of a tenant''s campaigns; null: from before there was any';
COMMENT ON COLUMN kuji.participant_line.language IS 'of messages; null: none can be sent';
COMMENT ON COLUMN kuji.participant_line.base IS 'where links in messages begin';

CREATE TABLE kuji.line_friend (
    tenant_id   uuid    NOT NULL REFERENCES kuji.tenant ON DELETE CASCADE,
    line_user   bytea   NOT NULL CHECK (octet_length(line_user) = 16),
    at          bigint  NOT NULL,
    answered_at bigint,
    is_friend   boolean NOT NULL,
    person      bytea   CHECK (octet_length(person) > 45),
    PRIMARY KEY (tenant_id, line_user),
    CHECK (is_friend = (person IS NOT NULL))
);
COMMENT ON TABLE kuji.line_friend IS 'who follows a tenant''s account at LINE, as its webhook says';
COMMENT ON COLUMN kuji.line_friend.at IS 'of the last event that said so, by LINE''s clock';
COMMENT ON COLUMN kuji.line_friend.answered_at IS 'when a keyword of theirs was answered last';
COMMENT ON COLUMN kuji.line_friend.person IS 'LINE''s user id, sealed by the tenant''s data key; gone once they are no friend';

CREATE TABLE kuji.line_event (
    tenant_id uuid   NOT NULL REFERENCES kuji.tenant ON DELETE CASCADE,
    id        text   NOT NULL CHECK (id ~ '^[0-9A-Za-z_-]{1,64}$'),
    at        bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX line_event_at ON kuji.line_event (tenant_id, at);
COMMENT ON TABLE kuji.line_event IS 'events of LINE''s webhook that were carried out; gone some days later';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['line_friend', 'line_event']
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

GRANT UPDATE (handed_at) ON kuji.outbox TO kuji_web;
GRANT UPDATE (line_user, language, base) ON kuji.participant_line TO kuji_web;
GRANT SELECT, INSERT, DELETE, UPDATE (at, answered_at, is_friend, person) ON kuji.line_friend TO kuji_web;
GRANT SELECT, INSERT, DELETE ON kuji.line_event TO kuji_web;
GRANT SELECT (channel, handed_at) ON kuji.outbox TO kuji_read;

-- As mail_due and mail_waits, which from now on speak of mails alone.
RESET ROLE;
GRANT SELECT (channel, reason) ON kuji.outbox TO kuji_lookup;
CREATE FUNCTION kuji_api.outbox_due(of text, at bigint)
RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id FROM kuji.tenant t
     WHERE EXISTS (SELECT FROM kuji.outbox o
                    WHERE o.tenant_id = t.id AND o.channel = outbox_due.of AND o.state IN ('queued', 'sending')
                      AND o.urgent IN (true, false) AND o.due_at <= outbox_due.at)
     ORDER BY t.id
$$;
-- What is kept back because the month's messages are used up waits for no server.
CREATE FUNCTION kuji_api.outbox_waits(of text, at bigint)
RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(outbox_waits.at - min(o.created_at), 0)
      FROM kuji.tenant t
     CROSS JOIN LATERAL (SELECT created_at FROM kuji.outbox
                          WHERE tenant_id = t.id AND channel = outbox_waits.of AND state IN ('queued', 'sending')
                            AND expires_at > outbox_waits.at AND reason IS DISTINCT FROM 'monthly limit'
                          ORDER BY urgent DESC, due_at LIMIT 1) AS o
$$;
CREATE OR REPLACE FUNCTION kuji_api.mail_due(at bigint)
RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.tenant_id FROM kuji_api.outbox_due('mail', mail_due.at) d
$$;
CREATE OR REPLACE FUNCTION kuji_api.mail_waits(at bigint)
RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT kuji_api.outbox_waits('mail', mail_waits.at)
$$;
ALTER FUNCTION kuji_api.outbox_due(text, bigint) OWNER TO kuji_lookup;
ALTER FUNCTION kuji_api.outbox_waits(text, bigint) OWNER TO kuji_lookup;
REVOKE EXECUTE ON FUNCTION kuji_api.outbox_due(text, bigint), kuji_api.outbox_waits(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kuji_api.outbox_due(text, bigint), kuji_api.outbox_waits(text, bigint) TO kuji_web;

COMMIT;

SET ROLE kuji_owner;

ALTER DOMAIN kuji.mail_kind VALIDATE CONSTRAINT mail_kind_check;
ALTER TABLE kuji.outbox VALIDATE CONSTRAINT outbox_channel_check;
ALTER TABLE kuji.outbox VALIDATE CONSTRAINT outbox_number_check;
ALTER TABLE kuji.outbox VALIDATE CONSTRAINT outbox_kind_check;
ALTER TABLE kuji.participant_line VALIDATE CONSTRAINT participant_line_line_user_check;
ALTER TABLE kuji.participant_line VALIDATE CONSTRAINT participant_line_language_check;
ALTER TABLE kuji.participant_line VALIDATE CONSTRAINT participant_line_base_check;
ALTER TABLE kuji.participant_line VALIDATE CONSTRAINT participant_line_reach_check;

-- A broken-off build leaves an index that is none: then this begins anew. That
-- there is none usually is no news.
SET client_min_messages = warning;
DROP INDEX CONCURRENTLY IF EXISTS kuji.outbox_due_by_channel;
CREATE INDEX CONCURRENTLY outbox_due_by_channel ON kuji.outbox (tenant_id, channel, urgent DESC, due_at)
 WHERE state IN ('queued', 'sending');
DROP INDEX CONCURRENTLY IF EXISTS kuji.outbox_due;
DROP INDEX CONCURRENTLY IF EXISTS kuji.participant_line_user;
CREATE INDEX CONCURRENTLY participant_line_user ON kuji.participant_line (tenant_id, line_user);
RESET client_min_messages;

RESET ROLE;
