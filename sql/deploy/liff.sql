-- Deploy mod_kuji:liff to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- LIFF: digests of one-time values that are used up, and of ID tokens with the
-- browser that showed them first (store/liff.h). They go when they are over.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE TABLE kuji.liff_shown (
    tenant_id  uuid   NOT NULL REFERENCES kuji.tenant ON DELETE CASCADE,
    digest     bytea  NOT NULL CHECK (octet_length(digest) = 16),
    browser    bytea  NOT NULL CHECK (octet_length(browser) = 16),
    expires_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, digest)
);
COMMENT ON TABLE kuji.liff_shown IS 'one-time values and ID tokens that LIFF''s pages have shown';
CREATE INDEX liff_shown_over ON kuji.liff_shown (tenant_id, expires_at);

ALTER TABLE kuji.liff_shown ENABLE ROW LEVEL SECURITY;
ALTER TABLE kuji.liff_shown FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kuji.liff_shown
    USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid));

GRANT SELECT, INSERT, DELETE, UPDATE (expires_at) ON kuji.liff_shown TO kuji_web;

COMMIT;
