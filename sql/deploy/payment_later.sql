-- Deploy mod_kuji:payment_later to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What comes to light of a payment after its right was given: a look at it may
-- find that another amount was taken, or taken twice. That is kept, and the
-- right stays, since it may have been drawn by already. A draw whose purchase
-- was paid back says so in the reports too.

BEGIN;

SET LOCAL ROLE kuji_owner;

DO $$
DECLARE
    name text;
BEGIN
    SELECT conname INTO STRICT name FROM pg_constraint
     WHERE conrelid = 'kuji.payment'::regclass AND contype = 'c'
       AND pg_get_constraintdef(oid) LIKE '%entry IS NOT NULL%=%mismatch%';
    EXECUTE format('ALTER TABLE kuji.payment DROP CONSTRAINT %I', name);
END
$$;
ALTER TABLE kuji.payment
    ADD CONSTRAINT payment_right_paid CHECK (entry IS NULL OR captured > 0) NOT VALID,
    ADD CONSTRAINT payment_paid_right CHECK (entry IS NOT NULL OR captured = 0 OR mismatch) NOT VALID;
COMMENT ON COLUMN kuji.payment.mismatch IS
    'the provider took another amount: to be paid back; no right, unless it came to light after that was given';

CREATE OR REPLACE VIEW kuji_api.flagged WITH (security_invoker = true) AS
SELECT f.campaign_id, f.n,
       concat_ws(' ', CASE WHEN f.reasons & 1 > 0 THEN 'crowd' END,
                 CASE WHEN f.reasons & 2 > 0 THEN 'device' END,
                 CASE WHEN f.reasons & 4 > 0 THEN 'mail' END,
                 CASE WHEN f.reasons & 8 > 0 THEN 'refunded' END) AS words
  FROM kuji.flag f;

COMMIT;

-- Without a lock that others wait for.
SET ROLE kuji_owner;
ALTER TABLE kuji.payment VALIDATE CONSTRAINT payment_right_paid;
ALTER TABLE kuji.payment VALIDATE CONSTRAINT payment_paid_right;
RESET ROLE;
