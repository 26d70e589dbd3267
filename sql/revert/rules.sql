-- Revert mod_kuji:rules from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TRIGGER campaign_close_sums ON kuji.campaign;
DROP TRIGGER campaign_guard ON kuji.campaign;
DROP FUNCTION kuji_api.campaign_close_sums();
DROP FUNCTION kuji_api.campaign_guard();

COMMIT;
