-- Revert mod_kuji:campaigns from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.prize;
DROP TABLE kuji.campaign_secret;
DROP TABLE kuji.manifest;
DROP TABLE kuji.campaign_config;
DROP TABLE kuji.campaign;
DROP DOMAIN kuji.slug, kuji.campaign_status, kuji.campaign_method, kuji.time_zone, kuji.prize_code,
            kuji.prize_kind;

COMMIT;
