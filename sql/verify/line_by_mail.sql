-- Verify mod_kuji:line_by_mail on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT 1 / has_column_privilege('kuji_web', 'kuji.outbox', 'channel', 'UPDATE')::int;
SELECT 1 / count(*) FROM pg_trigger WHERE tgrelid = 'kuji.outbox'::regclass AND tgname = 'outbox_channel_guard';

ROLLBACK;
