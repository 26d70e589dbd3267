-- Revert mod_kuji:figures_backfill from pg
-- SPDX-License-Identifier: Apache-2.0
--
-- The rows go with their tables.

BEGIN;
COMMIT;
