-- Revert mod_kuji:campaigns from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.prize;
DROP TABLE kuji.campaign_secret;
DROP TABLE kuji.manifest;
DROP TABLE kuji.campaign_config;
DROP TABLE kuji.campaign;

COMMIT;
