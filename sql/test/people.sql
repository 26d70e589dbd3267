-- Claims, gift codes, erasures: what the tables refuse, whatever the program
-- does.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(54);
\ir lib/world.psql

-- As kuji_web, for a: the outcome, undone or not.
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

-- Steps of claims: every kind and pair of states, against this list.
CREATE TEMP TABLE allowed (kind text, source text, target text);
INSERT INTO allowed VALUES
    ('parcel', 'won', 'claimed'), ('parcel', 'won', 'delivered'), ('parcel', 'claimed', 'shipped'),
    ('parcel', 'claimed', 'delivered'), ('parcel', 'shipped', 'delivered'), ('parcel', 'shipped', 'claimed'),
    ('gift_code', 'won', 'claimed'), ('gift_code', 'won', 'delivered'), ('gift_code', 'claimed', 'delivered'),
    ('coupon', 'won', 'redeemed'), ('link', 'won', 'delivered'), ('message', 'won', 'delivered');
CREATE FUNCTION pg_temp.steps(kind text) RETURNS TABLE (step text)
LANGUAGE plpgsql AS $$
DECLARE
    found text[];
    states text[] := ARRAY['won', 'claimed', 'shipped', 'redeemed', 'delivered', 'expired', 'void'];
    source text;
    target text;
    cid bigint;
    number bigint := 100;
BEGIN
    SELECT id INTO cid FROM kuji.campaign WHERE tenant_id = '00000000-0000-4000-8000-00000000000a';
    BEGIN
        INSERT INTO kuji.prize (campaign_id, tenant_id, pos, code, kind, declared, units_left, awarded)
        VALUES (cid, '00000000-0000-4000-8000-00000000000a', 7, 'Z', kind, 1, 1, 0);
        FOREACH source IN ARRAY states LOOP
            FOREACH target IN ARRAY states LOOP
                number := number + 1;
                INSERT INTO kuji.claim (campaign_id, n, tenant_id, pos, updated_at, state)
                VALUES (cid, number, '00000000-0000-4000-8000-00000000000a', 7, 1, source);
                IF source <> target
                   AND pg_temp.tries(format('UPDATE kuji.claim SET state = %L, updated_at = 5 WHERE n = %s',
                                            target, number)) = '1'
                THEN
                    found := found || (source || ' ' || target);
                END IF;
            END LOOP;
        END LOOP;
        RAISE EXCEPTION 'undone' USING ERRCODE = 'KJ000';
    EXCEPTION WHEN SQLSTATE 'KJ000' THEN
        NULL;
    END;
    RETURN QUERY SELECT unnest(found);
END
$$;
SELECT set_eq(format('SELECT * FROM pg_temp.steps(%L)', kind),
              format($$SELECT source || ' ' || target FROM allowed WHERE kind = %L
                       UNION SELECT 'won expired'
                       UNION SELECT s || ' void' FROM unnest(ARRAY['won', 'claimed', 'shipped', 'redeemed',
                                                                   'delivered', 'expired']) s$$, kind),
              'the steps of a ' || kind)
  FROM unnest(ARRAY['parcel', 'gift_code', 'coupon', 'link', 'message']) kind;

-- A step is remembered, once; a change that is none is not.
DELETE FROM kuji.claim_step;
SELECT is(pg_temp.tries('UPDATE kuji.claim SET state = state, updated_at = 7'), '1', 'the same state again is no step');
SELECT is(count(*), 0::bigint, 'nothing is remembered of it') FROM kuji.claim_step;
SELECT is(pg_temp.tries('UPDATE kuji.claim SET state = ''claimed'', updated_at = 8'), '1', 'claimed');
SELECT is(pg_temp.tries('UPDATE kuji.claim SET state = ''shipped'', updated_at = 9'), '1', 'shipped');
SELECT results_eq('SELECT state::text, at FROM kuji.claim_step ORDER BY at',
                  $$VALUES ('claimed', 8::bigint), ('shipped', 9)$$, 'both are remembered');
SELECT is(pg_temp.tries('UPDATE kuji.claim SET state = ''won'''), '23000', 'there is no way back');
SELECT is(pg_temp.tries('INSERT INTO kuji.claim_step SELECT campaign_id, n, 9, tenant_id, ''shipped'' FROM kuji.claim'),
          '23505', 'a step is one');
SELECT is(pg_temp.tries('INSERT INTO kuji.came_back SELECT campaign_id, n, 9, tenant_id, ''bored'' FROM kuji.claim'),
          '23514', 'a parcel comes back for a reason');
SELECT is(pg_temp.tries('INSERT INTO kuji.came_back SELECT campaign_id, 99, 9, tenant_id, ''absent'' FROM kuji.claim'),
          '23503', 'of a claim that is there');
SELECT is(pg_temp.tries('INSERT INTO kuji.claim_step SELECT campaign_id, 99, 1, tenant_id, ''shipped'' FROM kuji.claim'),
          '23503', 'of a claim that is there');
SELECT is(count(*), 0::bigint, 'a batch''s claim fires nothing')
  FROM pg_trigger WHERE tgrelid = 'kuji.claim'::regclass AND NOT tgisinternal AND tgtype & 4 <> 0;
SELECT is(indexdef, NULL, 'nor is a new claim in an index but its key')
  FROM (VALUES (1)) one LEFT JOIN pg_indexes i ON i.schemaname = 'kuji' AND i.tablename = 'claim'
        AND indexname <> 'claim_pkey' AND indexdef !~ 'WHERE \(\(?state\)?::text <> ''won''::text\)$';

-- What winners gave.
SELECT is(pg_temp.tries('UPDATE kuji.claim_detail SET data = ''Taro Yamada'''), '23514', 'no plain text gets in');
SELECT is(pg_temp.tries('UPDATE kuji.claim_detail SET tracking = ''1234-5678'''), '23514', 'no tracking number either');
SELECT is(pg_temp.tries('UPDATE kuji.claim_detail SET erased_at = 1'), '23514', 'erased is erased');
SELECT is(pg_temp.tries('UPDATE kuji.claim_detail SET erased_at = 1, data = NULL'), '1', 'with its data gone');
SELECT is(pg_temp.tries('INSERT INTO kuji.identifier SELECT tenant_id, ''taro'', campaign_id, n FROM kuji.claim_detail'),
          '23514', 'an identifier is a digest');
SELECT is(pg_temp.tries('DELETE FROM kuji.identifier'), '1', 'and can be forgotten');

-- Gift codes.
SELECT id AS pool FROM kuji.gift_pool WHERE tenant_id = :a \gset
SELECT id AS gift FROM kuji.gift_code WHERE tenant_id = :a \gset
CREATE FUNCTION pg_temp.gift(digest text) RETURNS text
LANGUAGE sql AS $$
    SELECT pg_temp.tries(format('INSERT INTO kuji.gift_code (pool_id, campaign_id, tenant_id, changed_at, digest, sealed)
           SELECT id, campaign_id, tenant_id, 1, substr(sha256(%L), 1, 16), %L::bytea FROM kuji.gift_pool', digest,
           pg_temp.sealed(9)))
$$;
SELECT is(pg_temp.gift('gift'), '23505', 'a pool has a code once');
SELECT is(pg_temp.gift('second'), '1', 'another one');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET sealed = ''PLAIN-CODE'''), '23514', 'no plain code gets in');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET sealed = NULL'), '23514', 'a free code is not erased');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET state = ''assigned'''), '23514', 'assigned to nobody');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET n = 1'), '23514', 'free, but somebody''s');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET state = ''assigned'', n = 1'), '23505', 'two codes for one win');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET state = ''assigned'', n = 1 WHERE id = ' || :gift), '1', 'one');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET n = 2 WHERE id = ' || :gift), '23000', 'it is never another''s');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET state = ''free'', n = NULL WHERE id = ' || :gift), '23000', 'nor free again');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET sealed = ' || quote_literal(pg_temp.sealed(5)) || ' WHERE id = ' || :gift),
          '23000', 'nor another code');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET state = ''void'', changed_at = 3 WHERE id = ' || :gift), '1', 'void');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET state = ''assigned'' WHERE id = ' || :gift), '23000', 'for good');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET sealed = NULL WHERE id = ' || :gift), '1', 'it can be erased then');
SELECT is(pg_temp.tries('UPDATE kuji.gift_code SET state = ''assigned'', n = 1 WHERE id <> ' || :gift), '1',
          'the win gets another code');
SELECT is(pg_temp.tries('UPDATE kuji.gift_pool SET warn_at = -1'), '23514', 'a threshold is a count');

-- Erasures.
SELECT is(pg_temp.tries(format('INSERT INTO kuji.erasure SELECT gen_random_uuid(), campaign_id, tenant_id, 1, %L, 0, 0
                                  FROM kuji.gift_pool', cause)), expected, description)
  FROM (VALUES ('retention', '1', 'retention runs out'), ('retention', '23505', 'once'),
               ('request', '1', 'requests are many'), ('mood', '23514', 'no other cause')) e (cause, expected, description);
SELECT is(pg_temp.tries('DELETE FROM kuji.participant'), '0', 'counters stay while a campaign is open');
UPDATE kuji.campaign SET status = 'closed', closed_at = 1 WHERE id = :a_campaign;
SELECT is(pg_temp.tries('DELETE FROM kuji.participant'), '2', 'and go after its close');
SELECT is(pg_temp.tries('UPDATE kuji.draw SET participant = NULL, body = uuid_send(gen_random_uuid())'), '3',
          'draws are unlinked');

-- The first draw at or after a time, over a thousand draws of 100 batches.
INSERT INTO kuji.campaign (tenant_id, uuid, slug, status, method, opens_at, closes_at, timezone, next_n, size)
VALUES (:a, gen_random_uuid(), 'long', 'published', 'odds', 0, 9, 'Asia/Tokyo', 1001, 1001) RETURNING id AS long \gset
INSERT INTO kuji.ledger SELECT :long, n, :a, format('{"i":%s,"kind":"draw","n":%s,"prize":null,"t":%s,"who":"00"}', n, n, n / 10 * 10)
  FROM generate_series(1, 1000) n;
INSERT INTO kuji.draw (campaign_id, n, tenant_id, i, first_n, count) SELECT :long, n, :a, n, n, 1 FROM generate_series(1, 1000) n;
CREATE FUNCTION pg_temp.draw_at(campaign bigint, at bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    PERFORM set_config('kuji.tenant', '00000000-0000-4000-8000-00000000000a', true);
    SET LOCAL ROLE kuji_web;
    n := kuji_api.draw_at(campaign, at);
    RESET ROLE;
    RETURN n;
END
$$;
SELECT is(pg_temp.draw_at(:long, at), expected, 'the first draw at ' || at)
  FROM (VALUES (-5::bigint, 1::bigint), (0, 1), (1, 10), (10, 10), (11, 20), (555, 560), (1000, 1000), (1001, 1001)) e (at, expected);

SELECT finish();
ROLLBACK;
