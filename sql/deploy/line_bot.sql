-- Deploy mod_kuji:line_bot to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- The Messaging API's channel next to LINE Login's: a secret of its own, there
-- exactly where the channel is.

BEGIN;

SET LOCAL ROLE kuji_owner;

ALTER TABLE kuji.line
    ADD COLUMN bot_secret bytea CHECK (octet_length(bot_secret) > 45),
    ADD CONSTRAINT line_bot CHECK ((config ? 'bot') = (bot_secret IS NOT NULL)),
    ADD CONSTRAINT line_no_bot_secret CHECK (NOT config ? 'bot_secret');
COMMENT ON COLUMN kuji.line.bot_secret IS 'the Messaging API channel''s, sealed by the tenant''s data key';

GRANT UPDATE (bot_secret) ON kuji.line TO kuji_web;

COMMIT;
