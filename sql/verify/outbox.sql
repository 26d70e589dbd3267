-- Verify mod_kuji:outbox on pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

SELECT campaign_id, digest, tenant_id, verified_at, language, base, address FROM kuji.participant_mail WHERE false;
SELECT id, campaign_id, tenant_id, created_at, expires_at, used_at, tries, language, base, identity, prefix, code,
       token, address FROM kuji.mail_challenge WHERE false;
SELECT id, campaign_id, tenant_id, n, created_at, due_at, expires_at, ended_at, tries, kind, state, urgent, reason,
       language, base, participant, address, data FROM kuji.outbox WHERE false;

SELECT 1 / (count(*) = 3)::int
  FROM pg_catalog.pg_class
 WHERE oid IN ('kuji.participant_mail'::regclass, 'kuji.mail_challenge'::regclass, 'kuji.outbox'::regclass)
   AND relrowsecurity AND relforcerowsecurity;
SELECT 1 / pg_catalog.has_function_privilege('kuji_web', 'kuji_api.mail_due(bigint)', 'execute')::int;
SELECT 1 / pg_catalog.has_function_privilege('kuji_web', 'kuji_api.mail_waits(bigint)', 'execute')::int;

ROLLBACK;
