-- Deploy mod_kuji:payments to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Payments for goods, and what each call of a provider did to them. A payment
-- that was taken gives its entry right: a row of kuji.link, which the batch
-- uses up like any other.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE TABLE kuji.pay_settings (
    tenant_id  uuid    PRIMARY KEY REFERENCES kuji.tenant ON DELETE CASCADE,
    updated_at bigint  NOT NULL,
    version    integer NOT NULL CHECK (version >= 1),
    config     jsonb   NOT NULL CHECK (config ->> 'provider' IN ('line_pay', 'paypay')
                                       AND NOT config ? 'secret'),
    secret     bytea   NOT NULL CHECK (octet_length(secret) > 45)
);
COMMENT ON COLUMN kuji.pay_settings.config IS 'all but the secret (core/pay_config.h)';
COMMENT ON COLUMN kuji.pay_settings.secret IS 'the channel''s, sealed by the tenant''s data key';

-- As core/pay.h names them; "absent" is an answer and never kept.
CREATE DOMAIN kuji.pay_state AS text
    CHECK (VALUE IN ('unknown', 'waiting', 'agreed', 'authorized', 'captured', 'partly_refunded',
                     'refunded', 'voided', 'cancelled', 'expired', 'failed'));
CREATE DOMAIN kuji.pay_call AS text
    CHECK (VALUE IN ('begin', 'confirm', 'capture', 'void', 'refund'));

CREATE TABLE kuji.payment (
    id             bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id    bigint   NOT NULL,
    amount         bigint   NOT NULL CHECK (amount BETWEEN 1 AND 999999999999999),
    created_at     bigint   NOT NULL,
    changed_at     bigint   NOT NULL,
    captured       bigint   NOT NULL DEFAULT 0 CHECK (captured >= 0),
    refunded       bigint   NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND captured),
    asked_at       bigint,
    asked_amount   bigint   CHECK (asked_amount > 0),
    next_check_at  bigint,
    events         integer  NOT NULL DEFAULT 0,
    tries          smallint NOT NULL DEFAULT 0 CHECK (tries >= 0),
    draws          smallint NOT NULL CHECK (draws BETWEEN 1 AND 100),
    capture        boolean  NOT NULL DEFAULT true,
    mismatch       boolean  NOT NULL DEFAULT false,
    tenant_id      uuid     NOT NULL,
    order_id       text     NOT NULL UNIQUE CHECK (order_id ~ '^[A-Za-z0-9-]{1,64}$'),
    driver         text     NOT NULL CHECK (driver IN ('line_offline', 'line_online', 'paypay')),
    currency       text     NOT NULL CHECK (currency IN ('JPY', 'TWD', 'THB', 'USD')),
    goods          text     NOT NULL CHECK (octet_length(goods) BETWEEN 1 AND 300),
    state          kuji.pay_state NOT NULL DEFAULT 'unknown',
    asked          kuji.pay_call,
    transaction_id text     CHECK (length(transaction_id) BETWEEN 1 AND 100),
    url            text     CHECK (length(url) <= 2000),
    seller         text     NOT NULL DEFAULT '',
    participant    bytea    CHECK (octet_length(participant) = 16),
    entry          bytea    CHECK (octet_length(entry) = 16),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id),
    UNIQUE (campaign_id, entry),
    CHECK ((asked IS NULL) = (asked_at IS NULL)),
    CHECK (asked_amount IS NULL OR asked IS NOT DISTINCT FROM 'refund'),
    -- Whatever is under way is looked after.
    CHECK (asked IS NULL OR next_check_at IS NOT NULL),
    CHECK ((state IN ('captured', 'partly_refunded', 'refunded')) = (captured > 0)),
    CHECK ((state = 'refunded') = (captured > 0 AND refunded = captured)),
    CHECK ((state = 'partly_refunded') = (refunded > 0 AND refunded < captured)),
    CHECK (mismatch OR captured IN (0, amount)),
    -- Taken, and the right is there; not taken, and there is none.
    CHECK ((entry IS NOT NULL) = (captured > 0 AND NOT mismatch))
) WITH (fillfactor = 80);
CREATE INDEX payment_tenant ON kuji.payment (tenant_id, id);
CREATE INDEX payment_campaign ON kuji.payment (campaign_id, participant, id);
CREATE INDEX payment_due ON kuji.payment (tenant_id, next_check_at) WHERE next_check_at IS NOT NULL;
COMMENT ON COLUMN kuji.payment.order_id IS 'ours, kept before the provider hears of it';
COMMENT ON COLUMN kuji.payment.amount IS 'minor units of the currency, as captured and refunded';
COMMENT ON COLUMN kuji.payment.asked IS 'the call that is under way, or whose end nobody knows';
COMMENT ON COLUMN kuji.payment.next_check_at IS 'when the job looks what became of it; null: it is known';
COMMENT ON COLUMN kuji.payment.mismatch IS 'the provider took another amount: no right, to be paid back';
COMMENT ON COLUMN kuji.payment.url IS 'where the customer pays; gone once it is known';
COMMENT ON COLUMN kuji.payment.seller IS 'the admin at the counter; empty: bought on the page';
COMMENT ON COLUMN kuji.payment.participant IS 'keyed digest, as in draw; null: bought at the counter, or erased';
COMMENT ON COLUMN kuji.payment.entry IS 'the right, by the digest of kuji.link';

CREATE TABLE kuji.payment_event (
    payment_id bigint  NOT NULL REFERENCES kuji.payment,
    seq        integer NOT NULL CHECK (seq >= 1),
    at         bigint  NOT NULL,
    amount     bigint  NOT NULL DEFAULT 0 CHECK (amount >= 0),
    captured   bigint  NOT NULL,
    refunded   bigint  NOT NULL,
    tenant_id  uuid    NOT NULL,
    actor      text    NOT NULL,
    what       text    NOT NULL CHECK (what ~ '^[a-z]+\.[a-z_]+$'),
    state      kuji.pay_state NOT NULL,
    answer     text    NOT NULL DEFAULT '' CHECK (answer ~ '^[A-Za-z0-9_]{0,64}$'),
    note       text    NOT NULL DEFAULT '' CHECK (octet_length(note) <= 1000),
    PRIMARY KEY (payment_id, seq)
);
COMMENT ON TABLE kuji.payment_event IS 'each call that was asked for and each answer; never changed';
COMMENT ON COLUMN kuji.payment_event.what IS 'call and end: begin.asked, begin.done, check.unknown';
COMMENT ON COLUMN kuji.payment_event.captured IS 'as it stood afterwards, like refunded and state';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['pay_settings', 'payment', 'payment_event']
    LOOP
        EXECUTE format('ALTER TABLE kuji.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE kuji.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($policy$
            CREATE POLICY tenant ON kuji.%I
                USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid))
            $policy$, name);
    END LOOP;
END
$$;

-- Money that was taken or paid back stays so, and what came to an end without
-- money begins again only where the provider says that there was money.
CREATE FUNCTION kuji_api.payment_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    open  CONSTANT text[] := ARRAY['unknown', 'waiting', 'agreed', 'authorized'];
    paid  CONSTANT text[] := ARRAY['captured', 'partly_refunded', 'refunded'];
    ended CONSTANT text[] := ARRAY['voided', 'cancelled', 'expired', 'failed'];
    fine  boolean := OLD.state = NEW.state;
BEGIN
    IF OLD.state = 'unknown' THEN
        fine := true;
    ELSIF OLD.state IN ('waiting', 'agreed') THEN
        fine := NEW.state <> 'unknown';
    ELSIF OLD.state = 'authorized' THEN
        fine := NEW.state = 'authorized' OR NEW.state = ANY (paid || ended);
    ELSIF OLD.state = ANY (ended) THEN
        fine := fine OR NEW.state = 'authorized' AND OLD.state <> 'voided' OR NEW.state = ANY (paid);
    ELSE
        fine := array_position(paid, NEW.state::text) >= array_position(paid, OLD.state::text);
    END IF;
    IF fine IS NOT TRUE OR NEW.captured < OLD.captured OR NEW.refunded < OLD.refunded
       OR OLD.entry IS DISTINCT FROM NEW.entry AND OLD.entry IS NOT NULL THEN
        RAISE EXCEPTION 'payment %: % cannot become %', OLD.id, OLD.state, NEW.state
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER payment_guard BEFORE UPDATE ON kuji.payment
    FOR EACH ROW EXECUTE FUNCTION kuji_api.payment_guard();

GRANT SELECT, INSERT, UPDATE (updated_at, version, config, secret) ON kuji.pay_settings TO kuji_web;
GRANT SELECT, INSERT, UPDATE (changed_at, captured, refunded, asked_at, asked_amount, next_check_at, events, tries,
                              mismatch, state, asked, transaction_id, url, participant, entry)
   ON kuji.payment TO kuji_web;
GRANT SELECT, INSERT ON kuji.payment_event TO kuji_web;
-- A right that is paid back ends before its time.
GRANT UPDATE (expires_at) ON kuji.link TO kuji_web;
GRANT SELECT (id, tenant_id, campaign_id, created_at, changed_at, amount, captured, refunded, currency, goods, draws,
              driver, state, order_id, transaction_id, mismatch)
   ON kuji.payment TO kuji_read;
GRANT SELECT ON kuji.payment_event TO kuji_read;

-- A payment with what it was for and what became of its right.
CREATE VIEW kuji_api.payment WITH (security_invoker = true) AS
    SELECT p.id, p.campaign_id, p.amount, p.created_at, p.changed_at, p.captured, p.refunded, p.asked_at,
           p.asked_amount, p.next_check_at, p.tries, p.draws, p.capture, p.mismatch, p.order_id, p.driver, p.currency,
           p.goods, p.state, p.asked, p.transaction_id, p.url, p.seller, p.participant, p.entry, c.slug, c.uuid,
           f.config ->> 'title' AS title, c.timezone, c.closes_at, l.uses - l.uses_left AS used, l.expires_at = 0 AS
           withdrawn, p.tenant_id
      FROM kuji.payment p
      JOIN kuji.campaign c ON c.id = p.campaign_id
      JOIN kuji.campaign_config f ON f.campaign_id = p.campaign_id
      LEFT JOIN kuji.link l ON l.campaign_id = p.campaign_id AND l.digest = p.entry;
GRANT SELECT ON kuji_api.payment TO kuji_web;

-- Tenants that have payments to look after, as mail_due.
RESET ROLE;
CREATE FUNCTION kuji_api.payment_due(at bigint)
RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id FROM kuji.tenant t
     WHERE EXISTS (SELECT FROM kuji.payment p
                    WHERE p.tenant_id = t.id AND p.next_check_at <= payment_due.at)
     ORDER BY t.id
$$;
GRANT SELECT (tenant_id, next_check_at) ON kuji.payment TO kuji_lookup;
ALTER FUNCTION kuji_api.payment_due(bigint) OWNER TO kuji_lookup;
REVOKE EXECUTE ON FUNCTION kuji_api.payment_due(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kuji_api.payment_due(bigint) TO kuji_web;

COMMIT;
