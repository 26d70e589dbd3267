-- The audit log: chained, and a change by anybody shows.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(33);
\ir lib/world.psql
SELECT set_config('kuji.tenant', :a, true) \g /dev/null
SET LOCAL ROLE kuji_web;

-- The world wrote entry 1.
SELECT kuji_api.audit_append('admin:1', 'campaign.publish', 'campaign:1', '{"version": 2}') AS second,
       kuji_api.audit_append('admin:1', 'campaign.pause', NULL, NULL) AS third \gset
INSERT INTO kuji.audit (tenant_id, actor, action)
SELECT :a, 'job', 'entry ' || g FROM generate_series(1, 4) g;
SELECT kuji_api.audit_append('admin:1', 'campaign.resume', 'campaign:1', '{}', '2001:db8::1') \g /dev/null
-- A forger's entry: what it says of its place is not heard.
INSERT INTO kuji.audit (tenant_id, seq, at, actor, action, prev, hash)
VALUES (:a, 77, 1, 'forger', 'x', 'p', 'h');
CREATE TEMP TABLE mine AS SELECT * FROM kuji.audit;
RESET ROLE;
GRANT SELECT ON mine TO PUBLIC;

SELECT is(:'second' || ' ' || :'third', '2 3', 'audit_append numbers');
SELECT results_eq('SELECT seq FROM mine ORDER BY seq', 'SELECT generate_series(1::bigint, 9)', 'no gap, no 77');
SELECT is(count(DISTINCT hash), 9::bigint, 'hashes differ') FROM mine;
SELECT cmp_ok(min(at), '>', 1600000000000::bigint, 'at is the database''s clock') FROM mine;
SELECT is(object || detail::text, '{}', 'object and detail have defaults') FROM mine WHERE seq = 3;

-- By hand, as anybody may.
SELECT is(hash, sha256('kuji/1 audit'::bytea || '\x00' || prev
                || convert_to(format('["%s", %s, %s, "admin:1", "campaign.publish", "campaign:1", {"version": 2}]',
                                     tenant_id, seq, at), 'UTF8')),
          'the hash is what its description says') FROM mine WHERE seq = 2;
SELECT is(hash, sha256('kuji/1 audit'::bytea || '\x00' || prev
                || convert_to(format('["%s", %s, %s, "admin:1", "campaign.resume", "campaign:1", {}, "2001:db8::1"]',
                                     tenant_id, seq, at), 'UTF8')),
          'an address is one more element') FROM mine WHERE seq = 8;
SELECT is(prev, decode(repeat('00', 32), 'hex'), 'the first follows nothing') FROM mine WHERE seq = 1;
SELECT results_eq('SELECT prev FROM mine WHERE seq > 1 ORDER BY seq',
                  'SELECT hash FROM mine WHERE seq < 9 ORDER BY seq', 'each follows the one before');

-- The check, by every role that reads.
CREATE FUNCTION pg_temp.check(tenant uuid, role text DEFAULT 'kuji_web') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    got record;
BEGIN
    PERFORM set_config('kuji.tenant', tenant::text, true);
    EXECUTE format('SET LOCAL ROLE %I', role);
    SELECT * INTO got FROM kuji_api.audit_check(tenant);
    RESET ROLE;
    RETURN got.entries || ' ' || coalesce(got.broken::text, 'good');
END
$$;
SELECT is(pg_temp.check(:a), '9 good', 'the chain holds');
SELECT is(pg_temp.check(:a, 'kuji_read'), '9 good', 'kuji_read can check it');
SELECT is(pg_temp.check(:b), '1 good', 'another tenant''s chain is its own');
SELECT is((SELECT head FROM kuji_api.audit_check(:a)), (SELECT hash FROM mine WHERE seq = 9), 'its head');
SELECT is(entries || coalesce(head::text, '') || coalesce(broken::text, ''), '0', 'an empty chain')
  FROM kuji_api.audit_check('00000000-0000-4000-8000-00000000000c');

-- A superuser's hand: each change shows from its entry on.
CREATE FUNCTION pg_temp.after(change text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format(change, '00000000-0000-4000-8000-00000000000a');
    result := pg_temp.check('00000000-0000-4000-8000-00000000000a');
    RAISE EXCEPTION 'undone' USING ERRCODE = 'KJ000';
EXCEPTION WHEN SQLSTATE 'KJ000' THEN
    RETURN result;
END
$$;
SELECT is(pg_temp.after('UPDATE kuji.audit SET ' || change || ' WHERE tenant_id = %L AND seq = 4'), '9 4',
          'a superuser''s tampering shows: ' || change)
  FROM unnest(ARRAY['at = at + 1', 'actor = ''x''', 'action = ''x''', 'object = ''x''', 'detail = ''{"x": 1}''',
                    'prev = hash', 'hash = prev', 'address = ''192.0.2.1''']) change;
SELECT is(pg_temp.after('UPDATE kuji.audit SET address = ' || change || ' WHERE tenant_id = %L AND seq = 8'), '9 8',
          'so does an address that becomes ' || change)
  FROM unnest(ARRAY['NULL', '''2001:db8::2''']) change;
SELECT is(pg_temp.after('DELETE FROM kuji.audit WHERE tenant_id = %L AND seq = 4'), '8 5', 'a missing entry shows');
SELECT is(pg_temp.after('DELETE FROM kuji.audit WHERE tenant_id = %L AND seq = 1'), '8 2', 'the first one too');
SELECT is(pg_temp.after('UPDATE kuji.audit a SET actor = b.actor, action = b.action
                           FROM kuji.audit b WHERE a.tenant_id = %1$L AND b.tenant_id = %1$L
                            AND (a.seq, b.seq) IN ((4, 5), (5, 4))'), '9 4', 'a swap shows');
SELECT is(pg_temp.after('UPDATE kuji.audit a SET actor = ''x'',
                                hash = kuji_api.audit_hash((a.tenant_id, a.seq, a.at, ''x'', a.action, a.object,
                                                            a.detail, a.prev, a.hash,
                                                            a.address)::kuji.audit)
                          WHERE tenant_id = %L AND seq = 4'), '9 5', 'a change with a new hash shows at the next');
SELECT is(pg_temp.after('SELECT %L'), '9 good', 'and nothing shows where nothing was done');

SELECT throws_ok(format('SELECT kuji_api.audit_append(''x'', ''y'', '''', ''{}'', %L)', 'nowhere <b>'), '23514', NULL,
                 'an address is one');

-- Whom the chain does not hear.
SELECT set_config('kuji.tenant', '', true) \g /dev/null
SET LOCAL ROLE kuji_web;
CREATE TEMP TABLE refusals ON COMMIT DROP AS SELECT ''::text AS name, ''::text AS state WITH NO DATA;
DO $$
BEGIN
    PERFORM kuji_api.audit_append('x', 'y', 'z', '{}');
EXCEPTION WHEN OTHERS THEN
    INSERT INTO refusals VALUES ('no tenant', SQLSTATE);
END
$$;
SELECT set_config('kuji.tenant', '00000000-0000-4000-8000-00000000000a', true) \g /dev/null
DO $$
BEGIN
    INSERT INTO kuji.audit (tenant_id, actor, action) VALUES ('00000000-0000-4000-8000-00000000000b', 'x', 'y');
EXCEPTION WHEN OTHERS THEN
    INSERT INTO refusals VALUES ('another tenant', SQLSTATE);
END
$$;
RESET ROLE;
SELECT is(state, '42501', 'refused: ' || name) FROM refusals;
SELECT is(pg_temp.check(:b), '1 good', 'b''s chain is untouched');

SELECT finish();
ROLLBACK;
