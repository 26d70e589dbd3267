-- Verify mod_kuji:rules on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT 1 / (count(*) = 2)::int
  FROM pg_catalog.pg_trigger
 WHERE tgrelid = 'kuji.campaign'::regclass
   AND tgname IN ('campaign_guard', 'campaign_close_sums') AND tgenabled = 'O';

ROLLBACK;
