-- Rules of the ledger, draws, participants, codes and claims, and the sums at
-- a campaign's close.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(27);
\ir lib/world.psql
SELECT set_config('kuji.tenant', :a, true) \g /dev/null
SET LOCAL ROLE kuji_web;
PREPARE c AS SELECT id FROM kuji.campaign;
EXECUTE c \gset
RESET ROLE;
-- A statement with the campaign's id for %1$s and the tenant's for %2$L, run as
-- kuji_web: 'done' or its SQLSTATE.
SELECT format('CREATE FUNCTION pg_temp.try(sql text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE kuji_web;
    EXECUTE format(sql, %L, %L);
    RESET ROLE;
    RETURN ''done'';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$', :'id', :a) \gexec

-- Numbers.
SELECT is(pg_temp.try('INSERT INTO kuji.ledger (campaign_id, i, tenant_id, leaf) VALUES (%1$s, 5, %2$L, ''x'')'),
          'done', 'the next leaf');
SELECT is(pg_temp.try('INSERT INTO kuji.ledger (campaign_id, i, tenant_id, leaf) VALUES (%1$s, 5, %2$L, ''y'')'),
          '23505', 'i is unique');
SELECT is(pg_temp.try('INSERT INTO kuji.ledger (campaign_id, i, tenant_id, leaf) VALUES (%1$s, 6, %2$L, NULL)'),
          '23502', 'a leaf has bytes');
SELECT is(pg_temp.try('INSERT INTO kuji.draw (campaign_id, n, tenant_id, i, first_n, count, key, body, participant)
                       VALUES (%1$s, 4, %2$L, 5, 4, 1, ''k4'', ''b4'', ''p1'')'), 'done', 'the next draw');
SELECT is(pg_temp.try('INSERT INTO kuji.draw (campaign_id, n, tenant_id, i, first_n, count, key, body, participant)
                       VALUES (%1$s, 4, %2$L, 6, 4, 1, ''k5'', ''b5'', ''p1'')'), '23505', 'n is unique');
SELECT is(pg_temp.try('INSERT INTO kuji.draw (campaign_id, n, tenant_id, i, first_n, count, key, body, participant)
                       VALUES (%1$s, 5, %2$L, 6, 5, 1, ''k4'', ''b5'', ''p2'')'), '23505',
          'a key is one request''s, whoever sends it');
SELECT is(pg_temp.try('INSERT INTO kuji.draw (campaign_id, n, tenant_id, i, first_n, count, participant)
                       VALUES (%1$s, 5, %2$L, 6, 4, 0, ''p1''), (%1$s, 6, %2$L, 7, 4, 0, ''p1'')'), 'done',
          'a request''s later draws have no key');
SELECT is(pg_temp.try('INSERT INTO kuji.ledger_node (campaign_id, level, idx, tenant_id, hash)
                       VALUES (%1$s, 8, 0, %2$L, ''x'')'), '23505', 'a subtree has one root');
SELECT is(pg_temp.try('INSERT INTO kuji.participant (campaign_id, tenant_id, digest) VALUES (%1$s, %2$L, ''p1'')'),
          '23505', 'a participant has one row');
SELECT is(k.key, 'k1'::bytea, 'the other tenant''s campaign has a key of the same bytes')
  FROM kuji.draw k WHERE k.campaign_id = :b_campaign AND k.n = 1;

-- Codes.
SELECT is(pg_temp.try('UPDATE kuji.code SET uses_left = uses_left - 1 WHERE digest = ''c2'''), 'done',
          'a code is used');
SELECT is(pg_temp.try('UPDATE kuji.code SET uses_left = uses_left - 1 WHERE digest = ''c2'''), '23514',
          'but not once more than it is worth');
SELECT is(pg_temp.try('INSERT INTO kuji.code (campaign_id, batch_id, uses_left, tenant_id, digest)
                       VALUES (%1$s, 1, 1, %2$L, ''c1'')'), '23505', 'a code is there once');
SELECT is(pg_temp.try('INSERT INTO kuji.code_batch (campaign_id, tenant_id, name, size, uses, created_at)
                       VALUES (%1$s, %2$L, ''x'', 1, 0, 1)'), '23514', 'codes are worth a draw');
SELECT is(pg_temp.try(format('INSERT INTO kuji.code_batch (campaign_id, tenant_id, name, size, created_at)
                       VALUES (%s, %%2$L, ''x'', 1, 1)', :b_campaign)), '23503',
          'no codes for another tenant''s campaign');

-- Claims and voided draws.
SELECT is(pg_temp.try('INSERT INTO kuji.claim (campaign_id, n, tenant_id, pos, updated_at) VALUES (%1$s, 1, %2$L, 1, 1)'),
          '23505', 'a win is claimed once');
SELECT is(pg_temp.try('UPDATE kuji.claim SET state = ''claimed'', updated_at = 2'), 'done', 'a claim goes on');
SELECT is(pg_temp.try('UPDATE kuji.claim SET state = ''lost'''), '23514', 'its states are known');
SELECT is(pg_temp.try('INSERT INTO kuji.voided (campaign_id, n, i, returned, tenant_id) VALUES (%1$s, 2, 9, false, %2$L)'),
          '23505', 'a draw is voided once');
SELECT is(pg_temp.try('INSERT INTO kuji.voided (campaign_id, n, i, returned, tenant_id) VALUES (%1$s, 3, 9, false, %2$L)'),
          'done', 'another draw is voided');

-- The close. So far: leaves 0 to 5, draws 1 to 6; the campaign says 5 and 3.
CREATE FUNCTION pg_temp.closes(size bigint, next_n bigint) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE kuji_web;
    UPDATE kuji.campaign SET status = 'closed', closed_at = 1, size = closes.size, next_n = closes.next_n;
    SET CONSTRAINTS ALL IMMEDIATE;
    RAISE EXCEPTION 'undone' USING ERRCODE = 'KJ000';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
SELECT is(pg_temp.closes(5, 4), '23000', 'no close with a leaf too many');
SELECT is(pg_temp.closes(7, 7), '23000', 'no close with a leaf too few');
SELECT is(pg_temp.closes(6, 6), '23000', 'no close with a draw too many');
SELECT is(pg_temp.closes(6, 7), 'KJ000', 'a close with true sums');
UPDATE kuji.ledger SET i = -1 WHERE campaign_id = :id AND i = 0;
SELECT is(pg_temp.closes(6, 7), '23000', 'no close without leaf 0');
UPDATE kuji.ledger SET i = 0 WHERE campaign_id = :id AND i = -1;
SELECT is(pg_temp.try('UPDATE kuji.campaign SET status = ''closed'', closed_at = 1, size = 6, next_n = 7'), 'done',
          'closed');
SELECT is(pg_temp.try('UPDATE kuji.campaign SET status = ''published'', closed_at = NULL'), '23000',
          'closed is closed');

SELECT finish();
ROLLBACK;
