-- Revert mod_kuji:payment_later from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SET LOCAL ROLE kuji_owner;

-- Rows of meanwhile may be against it, and stay.
ALTER TABLE kuji.payment
    DROP CONSTRAINT payment_right_paid,
    DROP CONSTRAINT payment_paid_right,
    ADD CHECK ((entry IS NOT NULL) = (captured > 0 AND NOT mismatch)) NOT VALID;
COMMENT ON COLUMN kuji.payment.mismatch IS 'the provider took another amount: no right, to be paid back';

CREATE OR REPLACE VIEW kuji_api.flagged WITH (security_invoker = true) AS
SELECT f.campaign_id, f.n,
       concat_ws(' ', CASE WHEN f.reasons & 1 > 0 THEN 'crowd' END,
                 CASE WHEN f.reasons & 2 > 0 THEN 'device' END,
                 CASE WHEN f.reasons & 4 > 0 THEN 'mail' END) AS words
  FROM kuji.flag f;

COMMIT;
