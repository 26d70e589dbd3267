-- Verify mod_kuji:line_consent on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT 1 / (count(*) = 2)::int FROM pg_constraint
 WHERE conname IN ('consent_text_kind_check', 'consent_page_check') AND convalidated
   AND pg_get_constraintdef(oid) ~ 'profile|/liff/';

ROLLBACK;
