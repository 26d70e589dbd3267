-- Mail: what the tables refuse, whatever the program does.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(31);
\ir lib/world.psql

-- As kuji_web, for a: rows changed, or the error's SQLSTATE.
CREATE FUNCTION pg_temp.tries(sql text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    count bigint;
BEGIN
    PERFORM set_config('kuji.tenant', '00000000-0000-4000-8000-00000000000a', true);
    SET LOCAL ROLE kuji_web;
    EXECUTE sql;
    GET DIAGNOSTICS count = ROW_COUNT;
    RESET ROLE;
    RETURN count;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;

CREATE FUNCTION pg_temp.row(fields text, vals text) RETURNS text
LANGUAGE sql AS $$
    SELECT pg_temp.tries(format(
        'INSERT INTO kuji.outbox (campaign_id, tenant_id, created_at, due_at, expires_at, %s)
         SELECT id, tenant_id, 1, 1, 2, %s FROM kuji.campaign', fields, vals))
$$;

SELECT is(pg_temp.row('kind, n, participant', '''win'', 7, substr(sha256(''x''), 1, 16)'), '1', 'a win''s mail');
SELECT is(pg_temp.row('kind, n, participant', '''win'', 7, substr(sha256(''x''), 1, 16)'), '23505', 'once and no more');
SELECT is(pg_temp.row('kind, n, participant', '''shipped'', 7, substr(sha256(''x''), 1, 16)'), '1', 'another about it');
SELECT is(pg_temp.row('kind, participant', '''win'', substr(sha256(''x''), 1, 16)'), '23514', 'a win has a number');
SELECT is(pg_temp.row('kind, n', '''win'', 8'), '23514', 'somebody reads it');
SELECT is(pg_temp.row('kind, address', '''code'', sha256(''a'') || sha256(''b'')'), '23514', 'in a language');
SELECT is(pg_temp.row('kind, language, base, address', '''code'', ''ja'', ''https://h.test'', ''short'''), '23514',
          'an address is sealed');
SELECT is(pg_temp.row('kind, language, base, address',
                      '''code'', ''ja'', ''https://h.test/<x>'', sha256(''a'') || sha256(''b'')'), '23514',
          'links begin with an address');
SELECT is(pg_temp.row('kind, language, base, address',
                      '''code'', ''ja'', ''https://h.test'', sha256(''a'') || sha256(''b'')'), '1', 'a code''s mail');
SELECT is(pg_temp.row('kind, language, base, address',
                      '''advert'', ''ja'', ''https://h.test'', sha256(''a'') || sha256(''b'')'), '23514',
          'no kind of mail that is not ours');
SELECT is(pg_temp.tries('UPDATE kuji.outbox SET reason = ''550 taro@example.com'''), '23514', 'no reason names anybody');
SELECT is(pg_temp.tries('UPDATE kuji.outbox SET state = ''sent'''), '23514', 'what has ended says when');
SELECT is(pg_temp.tries('UPDATE kuji.outbox SET state = ''sent'', ended_at = 5 WHERE kind = ''win'''), '2', 'sent');
SELECT is(pg_temp.tries('UPDATE kuji.outbox SET state = ''queued'', ended_at = NULL WHERE kind = ''win'''), '23000',
          'and never again');
SELECT is(pg_temp.tries('UPDATE kuji.outbox SET id = gen_random_uuid()'), '42501', 'a Message-ID stays');
SELECT is(pg_temp.tries('UPDATE kuji.mail_challenge SET tries = 6'), '23514', 'five tries');
SELECT is(pg_temp.tries('UPDATE kuji.mail_challenge SET code = token'), '42501', 'a code stays');

-- By LINE.
SELECT is(pg_temp.row('kind, n, channel, participant', '''win'', 7, ''line'', substr(sha256(''x''), 1, 16)'), '23505',
          'a win is told by one channel');
SELECT is(pg_temp.row('kind, n, channel, participant', '''win'', 9, ''fax'', substr(sha256(''x''), 1, 16)'), '23514',
          'of two');
SELECT is(pg_temp.row('kind, language, base, address',
                      '''keyword'', ''ja'', ''https://h.test'', sha256(''a'') || sha256(''b'')'), '23514',
          'no mail answers a keyword');
SELECT is(pg_temp.row('kind, n, channel, participant', '''keyword'', 7, ''line'', substr(sha256(''x''), 1, 16)'), '23514',
          'which is about no draw');
SELECT is(pg_temp.tries('UPDATE kuji.outbox SET channel = ''line'''), '23000', 'a mail stays one');
SELECT is(pg_temp.row('kind, n, channel, participant', '''win'', 9, ''line'', substr(sha256(''x''), 1, 16)'), '1',
          'a message by LINE');
SELECT is(pg_temp.tries('UPDATE kuji.outbox SET channel = ''mail'' WHERE n = 9'), '1', 'may go on by mail');
SELECT is(pg_temp.tries('UPDATE kuji.participant_line SET base = ''https://h.test'''), '23514',
          'links have a language');
SELECT is(pg_temp.tries('UPDATE kuji.line_friend SET is_friend = false'), '23514', 'of no friend nothing is kept');
SELECT is(pg_temp.tries('UPDATE kuji.line_event SET at = 7'), '42501', 'what was seen was seen');
SELECT is(pg_temp.tries('INSERT INTO kuji.line_event (tenant_id, id, at)
                         SELECT tenant_id, ''a b'', 1 FROM kuji.campaign'), '23514', 'an event has an id');

-- Who has mail to send, of all tenants.
UPDATE kuji.outbox SET state = 'gave_up', ended_at = 2 WHERE tenant_id = :b;
SELECT set_eq('SELECT tenant_id FROM kuji_api.mail_due(5)', ARRAY[:a]::uuid[], 'who has mail to send');
SELECT is_empty('SELECT tenant_id FROM kuji_api.mail_due(0)', 'in time');
UPDATE kuji.outbox SET expires_at = 1000 WHERE tenant_id = :a;
SELECT is(kuji_api.mail_waits(500), 499::bigint, 'and since when');

SELECT finish();
ROLLBACK;
