-- Deploy mod_kuji:payment_expiry to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Until when a customer may pay what waits: a code that has run out is shown to
-- nobody, and is looked after for a little longer.

BEGIN;

SET LOCAL ROLE kuji_owner;

ALTER TABLE kuji.payment
    ADD COLUMN expires_at bigint,
    ADD CHECK (expires_at IS NULL
               OR expires_at > 0 AND state IN ('unknown', 'waiting', 'agreed', 'authorized'));
COMMENT ON COLUMN kuji.payment.expires_at IS 'ms: of the code or the hold, as the provider said; null: it did not, or it is over';

GRANT UPDATE (expires_at) ON kuji.payment TO kuji_web;
GRANT SELECT (expires_at) ON kuji.payment TO kuji_read;

CREATE OR REPLACE VIEW kuji_api.payment WITH (security_invoker = true) AS
    SELECT p.id, p.campaign_id, p.amount, p.created_at, p.changed_at, p.captured, p.refunded, p.asked_at,
           p.asked_amount, p.next_check_at, p.tries, p.draws, p.capture, p.mismatch, p.order_id, p.driver, p.currency,
           p.goods, p.state, p.asked, p.transaction_id, p.url, p.seller, p.participant, p.entry, c.slug, c.uuid,
           f.config ->> 'title' AS title, c.timezone, c.closes_at, l.uses - l.uses_left AS used, l.expires_at = 0 AS
           withdrawn, p.tenant_id, p.expires_at
      FROM kuji.payment p
      JOIN kuji.campaign c ON c.id = p.campaign_id
      JOIN kuji.campaign_config f ON f.campaign_id = p.campaign_id
      LEFT JOIN kuji.link l ON l.campaign_id = p.campaign_id AND l.digest = p.entry;

COMMIT;
