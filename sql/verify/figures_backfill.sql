-- Verify mod_kuji:figures_backfill on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

-- Whoever was drawn from has a mark.
SELECT 1 / (NOT EXISTS (SELECT FROM kuji.campaign c
                         WHERE c.next_n > 1
                           AND NOT EXISTS (SELECT FROM kuji.mark m WHERE m.campaign_id = c.id)))::int;

ROLLBACK;
