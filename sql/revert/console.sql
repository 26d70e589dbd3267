-- Revert mod_kuji:console from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

ALTER TABLE kuji.code_batch DROP COLUMN spent;
ALTER TABLE kuji.campaign_config DROP COLUMN archived_at;

COMMIT;
