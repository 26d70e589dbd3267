-- Revert mod_kuji:payment_expiry from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SET LOCAL ROLE kuji_owner;

DROP VIEW kuji_api.payment;
ALTER TABLE kuji.payment DROP COLUMN expires_at;

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

COMMIT;
