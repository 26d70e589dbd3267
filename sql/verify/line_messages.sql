-- Verify mod_kuji:line_messages on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT channel, handed_at FROM kuji.outbox WHERE false;
SELECT line_user, language, base FROM kuji.participant_line WHERE false;
SELECT tenant_id, line_user, at, answered_at, is_friend, person FROM kuji.line_friend WHERE false;
SELECT tenant_id, id, at FROM kuji.line_event WHERE false;
SELECT kuji_api.outbox_due('line', 0), kuji_api.outbox_waits('line', 0);

SELECT 1 / (count(*) = 2)::int FROM pg_index
 WHERE indexrelid IN ('kuji.outbox_due_by_channel'::regclass, 'kuji.participant_line_user'::regclass) AND indisvalid;
SELECT 1 / (count(*) = 0)::int FROM pg_constraint
 WHERE conrelid IN ('kuji.outbox'::regclass, 'kuji.participant_line'::regclass) AND NOT convalidated;
SELECT 1 / (NOT has_table_privilege('kuji_web', 'kuji.line_event', 'UPDATE, TRUNCATE'))::int;

ROLLBACK;
