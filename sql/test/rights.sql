-- Consents: what the tables refuse, whatever the program does.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(15);
\ir lib/world.psql

-- As kuji_web, for tenant a or b: the outcome, undone where it failed.
CREATE FUNCTION pg_temp.tries(sql text, tenant text DEFAULT 'a') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    count bigint;
BEGIN
    PERFORM set_config('kuji.tenant', '00000000-0000-4000-8000-00000000000' || tenant, true);
    SET LOCAL ROLE kuji_web;
    EXECUTE sql;
    GET DIAGNOSTICS count = ROW_COUNT;
    RESET ROLE;
    RETURN count;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
SELECT id AS campaign FROM kuji.campaign WHERE tenant_id = '00000000-0000-4000-8000-00000000000a' LIMIT 1 \gset

CREATE FUNCTION pg_temp.text(campaign bigint, digest text, kind text, language text, wording text) RETURNS text
LANGUAGE sql AS $$
    SELECT format('INSERT INTO kuji.consent_text VALUES (%s, decode(%L, ''hex''),
        ''00000000-0000-4000-8000-00000000000a'', %L, %L, %L, NULL, 1)', campaign, digest, kind, language, wording)
$$;
SELECT is(pg_temp.tries(pg_temp.text(:campaign, repeat('01', 16), 'terms', 'ja', '同意します')), '1', 'a text');
SELECT is(pg_temp.tries(pg_temp.text(:campaign, repeat('02', 16), 'marketing', 'en', 'Send news')), '1', 'another');
SELECT is(pg_temp.tries(pg_temp.text(:campaign, repeat('03', 16), 'other', 'ja', 'x')), '23514', 'two kinds alone');
SELECT is(pg_temp.tries(pg_temp.text(:campaign, repeat('03', 16), 'terms', 'fr', 'x')), '23514', 'two languages');
SELECT is(pg_temp.tries(pg_temp.text(:campaign, repeat('03', 16), 'terms', 'ja', '')), '23514', 'no empty words');
SELECT is(pg_temp.tries('UPDATE kuji.consent_text SET wording = ''x'''), '42501', 'words never change');
SELECT is(pg_temp.tries('DELETE FROM kuji.consent_text'), '42501', 'nor go');

CREATE FUNCTION pg_temp.consent(campaign bigint, at bigint, page text) RETURNS text
LANGUAGE sql AS $$
    SELECT format('INSERT INTO kuji.consent VALUES (%s, decode(repeat(''0a'', 16), ''hex''), decode(repeat(''01'', 16), ''hex''), %s, NULL,
        ''00000000-0000-4000-8000-00000000000a'', %L)', campaign, at, page)
$$;
SELECT is(pg_temp.tries(pg_temp.consent(:campaign, 5, '/k/x')), '1', 'a consent');
SELECT is(pg_temp.tries(pg_temp.consent(:campaign, 5, '/k/x')), '23505', 'once a moment');
SELECT is(pg_temp.tries(pg_temp.consent(:campaign, 6, 'https://example.com/')), '23514', 'on a page of ours');
SELECT is(pg_temp.tries('UPDATE kuji.consent SET at = 1'), '42501', 'its time never changes');
SELECT is(pg_temp.tries('UPDATE kuji.consent SET withdrawn_at = 1'), '23514', 'not withdrawn before it was given');
SELECT is(pg_temp.tries(format('UPDATE kuji.consent SET withdrawn_at = 7 WHERE campaign_id = %s', :campaign), 'b'), '0',
          'another tenant sees none');
SELECT is(pg_temp.tries('UPDATE kuji.consent SET withdrawn_at = 7'), '2', 'withdrawn');
SELECT is(pg_temp.tries('DELETE FROM kuji.consent'), '2', 'gone with the person');

SELECT * FROM finish();
ROLLBACK;
