-- Deploy mod_kuji:line_consent to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Name and picture from LINE are kept by a consent of their own, given beside
-- the log-in: on the campaign's page or inside the LINE app.

BEGIN;

SET LOCAL ROLE kuji_owner;

ALTER TABLE kuji.consent_text
    DROP CONSTRAINT consent_text_kind_check,
    ADD CONSTRAINT consent_text_kind_check CHECK (kind IN ('terms', 'marketing', 'profile')) NOT VALID;
ALTER TABLE kuji.consent
    DROP CONSTRAINT consent_page_check,
    ADD CONSTRAINT consent_page_check CHECK (page LIKE '/k/%' OR page LIKE '/liff/%') NOT VALID;

COMMIT;

-- Each draw may have given a consent: the rows are looked at without a lock
-- against draws.
SET ROLE kuji_owner;
ALTER TABLE kuji.consent_text VALIDATE CONSTRAINT consent_text_kind_check;
ALTER TABLE kuji.consent VALIDATE CONSTRAINT consent_page_check;
RESET ROLE;
