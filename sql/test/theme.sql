-- Images are what their name says, and a theme shows only its tenant's.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(9);
\ir lib/world.psql
SELECT set_config('kuji.tenant', :a, true) \g /dev/null

SELECT throws_ok(format('INSERT INTO kuji.image VALUES (%L, sha256(''x''), ''png'', 1, 1, ''y'', 1)', :a),
                 '23514', NULL, 'an image is called by its own bytes');
SELECT throws_ok(format('INSERT INTO kuji.image VALUES (%L, sha256(''y''), ''svg'', 1, 1, ''y'', 1)', :a),
                 '23514', NULL, 'of four types');
SELECT throws_ok(format('INSERT INTO kuji.image VALUES (%L, sha256(''y''), ''png'', 9000, 1, ''y'', 1)', :a),
                 '23514', NULL, 'and not too wide');
SELECT throws_ok(format('INSERT INTO kuji.image SELECT %L, sha256(b), ''png'', 1, 1, b, 1
                           FROM (SELECT convert_to(repeat(''x'', 5242945), ''UTF8'') AS b) x', :a),
                 '23514', NULL, 'nor too large');

CREATE FUNCTION pg_temp.theme(id bigint, tenant uuid, version int, doc jsonb, sheet text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO kuji.theme (campaign_id, tenant_id, version, doc, sheet, actor, created_at)
    VALUES (id, tenant, version, doc, sheet, 'x', 1);
    RETURN 'added';
END
$$;
SELECT is(pg_temp.theme(:a_campaign, :a, 2, jsonb_build_object('base', 'mono', 'css', '', 'logo',
              encode(sha256('test-a'), 'hex') || '.png'), ''), 'added', 'a logo of its own');
SELECT throws_ok(format('SELECT pg_temp.theme(%L, %L, 3, jsonb_build_object(''base'', ''mono'', ''css'', '''', ''logo'',
                    encode(sha256(''test-b''), ''hex'') || ''.png''), '''')', :a_campaign, :a),
                 '23503', NULL, 'another tenant''s logo');
SELECT throws_ok(format('SELECT pg_temp.theme(%L, %L, 3, ''{"base": "neon", "css": ""}'', '''')', :a_campaign, :a),
                 '23514', NULL, 'an unknown base');
SELECT throws_ok(format('SELECT pg_temp.theme(%L, %L, 3, ''{"base": "mono", "css": ""}'', ''</style>'')', :a_campaign, :a),
                 '23514', NULL, 'a sheet that ends itself');
SELECT throws_ok(format('UPDATE kuji.theme_current SET version = 9 WHERE campaign_id = %L', :a_campaign),
                 '23503', NULL, 'a version that is not there');

SELECT finish();
ROLLBACK;
