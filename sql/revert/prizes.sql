-- Revert mod_kuji:prizes from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.postal;
DROP TABLE kuji.coupon_try;
DROP TABLE kuji.redemption;
DROP TABLE kuji.shop;
ALTER TABLE kuji.claim_detail DROP COLUMN due_at;

COMMIT;
