-- Revert mod_kuji:draws from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP TABLE kuji.participant;
DROP TABLE kuji.draw;
DROP TABLE kuji.ledger_node;
DROP TABLE kuji.ledger;

COMMIT;
