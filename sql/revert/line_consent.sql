-- Revert mod_kuji:line_consent from pg
-- SPDX-License-Identifier: Apache-2.0

BEGIN;

DELETE FROM kuji.consent c USING kuji.consent_text t
 WHERE t.campaign_id = c.campaign_id AND t.digest = c.digest
   AND (t.kind = 'profile' OR c.page LIKE '/liff/%');
DELETE FROM kuji.consent_text WHERE kind = 'profile';

SET LOCAL ROLE kuji_owner;

ALTER TABLE kuji.consent
    DROP CONSTRAINT consent_page_check,
    ADD CONSTRAINT consent_page_check CHECK (page LIKE '/k/%');
ALTER TABLE kuji.consent_text
    DROP CONSTRAINT consent_text_kind_check,
    ADD CONSTRAINT consent_text_kind_check CHECK (kind IN ('terms', 'marketing'));

COMMIT;
