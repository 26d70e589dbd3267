-- Verify mod_kuji:gates on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT checked FROM kuji.code_batch WHERE false;
SELECT version, days, digests, sealed FROM kuji.passphrase WHERE false;
SELECT expires_at, uses, uses_left, digest, participant, session, sealed FROM kuji.link WHERE false;
SELECT n, link FROM kuji.link_draw WHERE false;
SELECT n, reasons FROM kuji.flag WHERE false;

SELECT 1 / (count(*) = 4)::int
  FROM pg_class
 WHERE relnamespace = 'kuji'::regnamespace AND relrowsecurity AND relforcerowsecurity
   AND relname IN ('passphrase', 'link', 'link_draw', 'flag');
SELECT 1 / (has_column_privilege('kuji_web', 'kuji.link', 'session', 'UPDATE')
            AND NOT has_column_privilege('kuji_web', 'kuji.link', 'uses', 'UPDATE'))::int;

ROLLBACK;
