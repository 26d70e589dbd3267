-- Revert mod_kuji:outbox from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DROP FUNCTION kuji_api.mail_waits(bigint);
DROP FUNCTION kuji_api.mail_due(bigint);
DROP TABLE kuji.outbox;
DROP FUNCTION kuji_api.outbox_guard();
DROP TABLE kuji.mail_challenge;
DROP TABLE kuji.participant_mail;
DROP DOMAIN kuji.mail_state;
DROP DOMAIN kuji.mail_base;
DROP DOMAIN kuji.mail_language;
DROP DOMAIN kuji.mail_kind;

COMMIT;
