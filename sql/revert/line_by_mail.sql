-- Revert mod_kuji:line_by_mail from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SET LOCAL ROLE kuji_owner;

DROP TRIGGER outbox_channel_guard ON kuji.outbox;
DROP FUNCTION kuji_api.outbox_channel_guard();
REVOKE UPDATE (channel) ON kuji.outbox FROM kuji_web;
COMMENT ON COLUMN kuji.outbox.channel IS 'what carries it; one thing is told by one channel (outbox_once)';

COMMIT;
