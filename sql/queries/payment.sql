-- Payments, their rights, a tenant's settings for them (store/payment*.c,
-- store/pay_settings.c).
-- :name pay_settings_get
SELECT version, config, secret, updated_at FROM kuji.pay_settings
 WHERE tenant_id = $1::uuid;
-- :name pay_settings_lock
SELECT version, config, secret FROM kuji.pay_settings
 WHERE tenant_id = $1::uuid
   FOR UPDATE;
-- :name pay_settings_add
INSERT INTO kuji.pay_settings (tenant_id, updated_at, version, config, secret)
VALUES ($1::uuid, kuji_api.now_ms(), 1, $2::jsonb, $3::bytea)
ON CONFLICT DO NOTHING;
-- :name pay_settings_change
UPDATE kuji.pay_settings
   SET updated_at = kuji_api.now_ms(), version = version + 1,
       config = $2::jsonb, secret = $3::bytea
 WHERE tenant_id = $1::uuid;
-- Payments that only their provider of before can tell about.
-- :name pay_settings_open
SELECT count(*) FROM kuji.payment
 WHERE tenant_id = $1::uuid AND next_check_at IS NOT NULL;

-- One order of a participant's at a time: a second one would wait here.
-- :name payment_buyer_lock
SELECT pg_advisory_xact_lock(hashtextextended(encode($2::bytea, 'hex'), $1::int8));
-- The order $3, or else the one that may still be paid.
-- :name payment_of_buyer
SELECT order_id FROM kuji.payment
 WHERE campaign_id = $1::int8 AND participant = $2::bytea
   AND (order_id = $3 OR state IN ('unknown', 'waiting', 'agreed', 'authorized'))
 ORDER BY order_id = $3 DESC, id DESC LIMIT 1;
-- An order, its first call asked for. $11: how long that is left alone, ms.
-- :name payment_add
INSERT INTO kuji.payment (campaign_id, tenant_id, order_id, driver, amount, currency, goods, draws, capture, participant,
                          seller, created_at, changed_at, asked, asked_at, next_check_at)
SELECT $1::int8, $2::uuid, $3, $4, $5::int8, $6, $7, $8::int8, $9::bool, $10::bytea, $12, now, now, 'begin', now,
       now + $11::int8
  FROM (SELECT kuji_api.now_ms() AS now OFFSET 0) AS c
ON CONFLICT (order_id) DO NOTHING
RETURNING id;
-- :name payment_lock
SELECT id, kuji_api.now_ms() FROM kuji.payment WHERE order_id = $1 FOR UPDATE;
-- :name payment_get
SELECT * FROM kuji_api.payment WHERE order_id = $1;
-- The newest of a participant's.
-- :name payment_of
SELECT * FROM kuji_api.payment
 WHERE campaign_id = $1 AND participant = $2::bytea
 ORDER BY id DESC LIMIT $3::int8;
-- $3: of a campaign; $4: one of these states; $5: only those that are looked
-- after; $6, $7: made in that time. null: all.
-- :name payment_list
SELECT * FROM kuji_api.payment
 WHERE tenant_id = $1::uuid AND id < $2::int8
   AND ($3::text IS NULL OR slug = $3)
   AND ($4::text IS NULL OR state = $4)
   AND (NOT $5::bool OR next_check_at IS NOT NULL)
   AND created_at >= $6::int8 AND created_at < $7::int8
 ORDER BY id DESC LIMIT $8::int8;
-- :name payment_events
SELECT e.seq, e.at, e.amount, e.captured, e.refunded, e.actor, e.what, e.state, e.answer, e.note, a.login
  FROM kuji.payment_event e
  LEFT JOIN kuji.admin a ON a.tenant_id = e.tenant_id AND a.id::text = e.actor
 WHERE e.payment_id = $1
 ORDER BY e.seq;
-- $15: whether it is an event; $16 to $20: what it says.
-- :name payment_change
WITH p AS (
    UPDATE kuji.payment
       SET changed_at = CASE WHEN $15::bool THEN kuji_api.now_ms() ELSE changed_at END,
           state = $2, asked = nullif($3, ''), asked_at = $4::int8, asked_amount = $5::int8, captured = $6::int8,
           refunded = $7::int8, mismatch = $8::bool, next_check_at = $9::int8, tries = least($10::int8, 30000),
           transaction_id = coalesce(nullif($11, ''), transaction_id), url = nullif($12, ''),
           entry = coalesce(entry, $13::bytea), events = events + $14::int8, expires_at = $21::int8
     WHERE id = $1
    RETURNING id, events, tenant_id, state, captured, refunded)
INSERT INTO kuji.payment_event (payment_id, seq, at, amount, captured, refunded, tenant_id, actor, what, state, answer,
                                note)
SELECT id, events, kuji_api.now_ms(), $16::int8, captured, refunded, tenant_id, $17, $18, state, $19, $20
  FROM p WHERE $15::bool;
-- The job's next ones, at most $2; nobody else takes them for $3 ms.
-- :name payment_take
WITH due AS (
    SELECT p.id, c.now
      FROM (SELECT kuji_api.now_ms() AS now OFFSET 0) AS c
     CROSS JOIN LATERAL (SELECT id FROM kuji.payment
                          WHERE tenant_id = $1::uuid AND next_check_at <= c.now
                          ORDER BY next_check_at LIMIT $2::int8
                            FOR UPDATE SKIP LOCKED) AS p)
UPDATE kuji.payment AS p SET next_check_at = due.now + $3::int8
  FROM due
 WHERE p.id = due.id
RETURNING p.order_id;
-- :name payment_tenants
SELECT tenant_id FROM kuji_api.payment_due(kuji_api.now_ms());

-- Rights. A batch reads and writes a link under its campaign's lock; so does
-- whoever ends or renews one.
-- :name payment_campaign_lock
SELECT closes_at FROM kuji.campaign WHERE id = $1 FOR NO KEY UPDATE;
-- :name payment_right_end
UPDATE kuji.link SET expires_at = 0
 WHERE campaign_id = $1 AND digest = $2::bytea AND uses_left > 0;
-- :name payment_right_renew
UPDATE kuji.link SET expires_at = $3::int8
 WHERE campaign_id = $1 AND digest = $2::bytea AND expires_at = 0;
-- Draws whose goods were paid back, for an admin to look at.
-- :name payment_flag
INSERT INTO kuji.flag (campaign_id, n, reasons, tenant_id)
SELECT campaign_id, n, $3::int8, tenant_id FROM kuji.link_draw
 WHERE campaign_id = $1 AND link = $2::bytea
    ON CONFLICT (campaign_id, n) DO UPDATE
   SET reasons = kuji.flag.reasons | excluded.reasons;
