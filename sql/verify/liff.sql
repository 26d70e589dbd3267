-- Verify mod_kuji:liff on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT tenant_id, digest, browser, expires_at FROM kuji.liff_shown WHERE false;

ROLLBACK;
