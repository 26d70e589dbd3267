-- Deploy mod_kuji:console to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What the console keeps of campaigns and codes beyond what draws need. The
-- campaign's own row is rewritten by every batch, so nothing is added to it.

BEGIN;

SET LOCAL ROLE kuji_owner;

ALTER TABLE kuji.campaign_config ADD COLUMN archived_at bigint;
COMMENT ON COLUMN kuji.campaign_config.archived_at IS 'out of the console''s list since then; null: in it';

-- Counting the codes themselves would read millions of rows for each look.
ALTER TABLE kuji.code_batch ADD COLUMN spent bigint NOT NULL DEFAULT 0 CHECK (spent >= 0);
COMMENT ON COLUMN kuji.code_batch.spent IS 'uses of its codes so far, of size * uses';
-- No tenant is named here, so row-level security must look away for a moment.
ALTER TABLE kuji.code_batch NO FORCE ROW LEVEL SECURITY;
ALTER TABLE kuji.code NO FORCE ROW LEVEL SECURITY;
UPDATE kuji.code_batch AS b
   SET spent = b.size * b.uses - c.uses_left
  FROM (SELECT batch_id, sum(uses_left)::bigint AS uses_left FROM kuji.code GROUP BY batch_id) AS c
 WHERE c.batch_id = b.id;
ALTER TABLE kuji.code_batch FORCE ROW LEVEL SECURITY;
ALTER TABLE kuji.code FORCE ROW LEVEL SECURITY;

GRANT UPDATE (archived_at) ON kuji.campaign_config TO kuji_web;
GRANT UPDATE (spent) ON kuji.code_batch TO kuji_web;

COMMIT;
