-- Tries to log in, and who must be left.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(25);
\ir lib/world.psql
SELECT set_config('kuji.tenant', :a, true) \g /dev/null

-- Digests of accounts and addresses have 16 bytes.
CREATE FUNCTION pg_temp.d(name text) RETURNS bytea
LANGUAGE sql AS $$ SELECT substr(sha256(name::bytea), 1, 16) $$;
-- Tries, as a letter each: `.` let in, `w` told to wait.
CREATE FUNCTION pg_temp.try(count int, account text, address text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    told text := '';
BEGIN
    SET LOCAL ROLE kuji_web;
    FOR i IN 1..count LOOP
        told := told || CASE WHEN kuji_api.login_try(current_setting('kuji.tenant')::uuid,
                                                     pg_temp.d(replace(account, '%', i::text)),
                                                     pg_temp.d(address)) = 0
                             THEN '.' ELSE 'w' END;
    END LOOP;
    RESET ROLE;
    RETURN told;
END
$$;
-- How long the next one has to wait, to the nearest second.
CREATE FUNCTION pg_temp.wait(name text) RETURNS bigint
LANGUAGE sql AS $$
    SELECT greatest(0, round((until - kuji_api.now_ms()) / 1000.0))::bigint
      FROM kuji.login_try WHERE subject = pg_temp.d(name)
$$;
CREATE FUNCTION pg_temp.later(seconds int) RETURNS text
LANGUAGE sql AS $$
    UPDATE kuji.login_try SET since = since - seconds * 1000, until = until - seconds * 1000;
    SELECT 'then'
$$;

SELECT is(pg_temp.try(6, 'eve', 'home'), '.....w', 'five tries, then a wait');
SELECT is(pg_temp.wait('eve'), 10::bigint, 'of 10 s');
SELECT is(pg_temp.try(3, 'eve', 'elsewhere'), 'www', 'from wherever');
SELECT is((SELECT tries FROM kuji.login_try WHERE subject = pg_temp.d('elsewhere')), 0, 'what was refused is not counted');
SELECT is(pg_temp.try(2, 'bob', 'home'), '..', 'others are not concerned');
SELECT is(pg_temp.later(11), 'then', '11 s later');
SELECT is(pg_temp.try(2, 'eve', 'home'), '.w', 'one more');
SELECT is(pg_temp.wait('eve'), 20::bigint, 'then 20 s');
DO $$ BEGIN FOR i IN 1..4 LOOP PERFORM pg_temp.later(161), pg_temp.try(1, 'eve', 'home'); END LOOP; END $$;
SELECT is((SELECT tries FROM kuji.login_try WHERE subject = pg_temp.d('eve')), 10, 'ten of them');
SELECT is(pg_temp.wait('eve'), 900::bigint, 'are enough for a quarter of an hour');
SELECT is(pg_temp.later(901), 'then', 'after which');
SELECT is(pg_temp.try(6, 'eve', 'office'), '.....w', 'counting begins anew');

SELECT is(pg_temp.try(21, 'guess%', 'attic'), '....................w', 'twenty from an address');
SELECT is(pg_temp.try(1, 'dave', 'cellar'), '.', 'others go on');
UPDATE kuji.login_try SET since = since - 900001, until = 0 WHERE subject = pg_temp.d('attic');
SELECT is(pg_temp.try(1, 'zoe', 'attic'), '.', 'tries of long ago do not count');
SELECT is((SELECT tries FROM kuji.login_try WHERE subject = pg_temp.d('attic')), 1, 'at all');
SELECT is(tries, 0, 'the other tenant does not know')
  FROM (SELECT count(*)::int AS tries FROM kuji.login_try WHERE tenant_id = :b AND subject = pg_temp.d('eve')) x;

-- Owners.
SELECT throws_ok('UPDATE kuji.admin SET role = ''editor'' WHERE tenant_id = ' || quote_literal(:a), '23514',
                 'the last owner stays', 'is not demoted');
SELECT throws_ok('UPDATE kuji.admin SET disabled = true WHERE tenant_id = ' || quote_literal(:a), '23514',
                 'the last owner stays', 'nor disabled');
INSERT INTO kuji.admin (tenant_id, login, password_hash, role, created_at) VALUES (:a, 'second', '$2y$', 'owner', 1);
SELECT lives_ok('UPDATE kuji.admin SET disabled = true, removed_at = 1 WHERE login = ''second''', 'one of two may go');
SELECT throws_ok('UPDATE kuji.admin SET disabled = false WHERE login = ''second''', '23514', NULL,
                 'who is removed stays disabled');
SELECT lives_ok(format('INSERT INTO kuji.admin (tenant_id, login, password_hash, role, created_at)
                        VALUES (%L, ''second'', ''x'', ''viewer'', 1)', :a), 'the login is free again');
SELECT throws_ok(format('INSERT INTO kuji.admin (tenant_id, login, password_hash, role, created_at)
                         VALUES (%L, ''second'', ''x'', ''viewer'', 1)', :a), '23505', NULL, 'for one');
SELECT throws_ok(format('INSERT INTO kuji.admin_invitation
                         SELECT gen_random_uuid(), %L, sha256(''other''), login, role, NULL, invited_by, 1, 2
                           FROM kuji.admin_invitation WHERE tenant_id = %1$L', :a), '23505', NULL,
                 'one open invitation for a login');
SELECT throws_ok(format('INSERT INTO kuji.admin_session
                         SELECT sha256(''other''), %L, admin_id, 1, 1 FROM kuji.admin_session WHERE tenant_id = %L',
                        :a, :b), '23503', NULL, 'no session of another tenant''s admin');

SELECT finish();
ROLLBACK;
