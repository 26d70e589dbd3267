-- Payments: what the tables refuse, whatever the program does.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan(34);
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

-- A payment in a state, then what may be made of it.
CREATE FUNCTION pg_temp.becomes(before text, after text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    of_state CONSTANT jsonb := '{
        "unknown": "captured = 0", "waiting": "captured = 0", "agreed": "captured = 0", "authorized": "captured = 0",
        "voided": "captured = 0", "cancelled": "captured = 0", "expired": "captured = 0", "failed": "captured = 0",
        "captured": "captured = 100, entry = coalesce(entry, substr(sha256(''r''), 1, 16))",
        "partly_refunded": "captured = 100, refunded = 40, entry = coalesce(entry, substr(sha256(''r''), 1, 16))",
        "refunded": "captured = 100, refunded = 100, entry = coalesce(entry, substr(sha256(''r''), 1, 16))"}';
    outcome text;
BEGIN
    PERFORM pg_temp.tries(format('UPDATE kuji.payment SET asked = NULL, asked_at = NULL, state = %L, %s', before,
                                 of_state ->> before));
    outcome := pg_temp.tries(format('UPDATE kuji.payment SET state = %L, %s', after, of_state ->> after));
    -- Back to where it was, as nobody but an owner of the schema can.
    ALTER TABLE kuji.payment DISABLE TRIGGER payment_guard;
    UPDATE kuji.payment SET state = 'unknown', captured = 0, refunded = 0, entry = NULL;
    ALTER TABLE kuji.payment ENABLE TRIGGER payment_guard;
    RETURN outcome;
END
$$;

SELECT is(pg_temp.becomes('unknown', 'captured'), '1', 'paid');
SELECT is(pg_temp.becomes('unknown', 'failed'), '1', 'not paid');
SELECT is(pg_temp.becomes('waiting', 'unknown'), '23000', 'what is known stays known');
SELECT is(pg_temp.becomes('waiting', 'agreed'), '1', 'the customer agrees');
SELECT is(pg_temp.becomes('authorized', 'waiting'), '23000', 'what is held waits no more');
SELECT is(pg_temp.becomes('authorized', 'voided'), '1', 'what is held is given up');
SELECT is(pg_temp.becomes('captured', 'failed'), '23000', 'money that was taken was taken');
SELECT is(pg_temp.becomes('captured', 'voided'), '23000', 'and is only paid back');
SELECT is(pg_temp.becomes('captured', 'partly_refunded'), '1', 'in part');
SELECT is(pg_temp.becomes('partly_refunded', 'refunded'), '1', 'then all');
SELECT is(pg_temp.becomes('partly_refunded', 'captured'), '23000', 'never less than before');
SELECT is(pg_temp.becomes('refunded', 'captured'), '23000', 'once back, it is back');
SELECT is(pg_temp.becomes('failed', 'captured'), '1', 'the provider knows better');
SELECT is(pg_temp.becomes('failed', 'waiting'), '23000', 'but nothing begins anew');

SELECT is(pg_temp.tries('UPDATE kuji.payment SET expires_at = 0'), '23514', 'nothing has run out before it began');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET asked = NULL, asked_at = NULL, state = ''captured'', captured = 100'),
          '23514', 'no capture without its right');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET entry = substr(sha256(''r''), 1, 16)'), '23514',
          'no right without a capture');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET state = ''captured'', captured = 90,
                                entry = substr(sha256(''r''), 1, 16)'), '23514', 'the amount that was asked for');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET state = ''captured'', captured = 90, mismatch = true'), '1',
          'another one is marked, and gives no right');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET state = ''captured'', captured = 90, mismatch = true,
                                entry = substr(sha256(''r''), 1, 16)'), '1', 'or comes to light after the right');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET mismatch = false'), '23514', 'and is never forgotten');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET entry = NULL'), '23000', 'nor is the right');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET expires_at = 1'), '23514', 'what is over runs out no more');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET refunded = 91'), '23514', 'not more back than was taken');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET asked = ''refund'', asked_at = 1, next_check_at = NULL'), '23514',
          'what is under way is looked after');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET asked = ''steal'', asked_at = 1'), '23514', 'no call that is not ours');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET amount = 1'), '42501', 'a price stays');
SELECT is(pg_temp.tries('UPDATE kuji.payment SET order_id = ''x'''), '42501', 'so does an order''s number');
SELECT is(pg_temp.tries('DELETE FROM kuji.payment'), '42501', 'nothing is forgotten');
SELECT is(pg_temp.tries('UPDATE kuji.payment_event SET amount = 1'), '42501', 'the ledger is only added to');
SELECT is(pg_temp.tries('DELETE FROM kuji.payment_event'), '42501', 'and nothing taken out');
SELECT is(pg_temp.tries('INSERT INTO kuji.payment (campaign_id, tenant_id, amount, created_at, changed_at, draws,
                                order_id, driver, currency, goods)
                         SELECT campaign_id, tenant_id, 1, 1, 1, 1, order_id, ''paypay'', ''JPY'', ''x''
                           FROM kuji.payment'), '23505', 'an order''s number is used once');

-- Who has payments to look after, of all tenants.
UPDATE kuji.payment SET next_check_at = 1000 WHERE tenant_id = :b;
UPDATE kuji.payment SET next_check_at = 5 WHERE tenant_id = :a;
SELECT set_eq('SELECT tenant_id FROM kuji_api.payment_due(5)', ARRAY[:a]::uuid[], 'who has payments to look after');
SELECT is_empty('SELECT tenant_id FROM kuji_api.payment_due(4)', 'in time');

SELECT finish();
ROLLBACK;
