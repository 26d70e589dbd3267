-- Deploy mod_kuji:exports to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- The download log: two rows a download, one when it begins and one when it
-- ends, neither ever changed. One that began and never ended was broken off.
-- The clock is the database's: whoever may INSERT cannot choose the time.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE TABLE kuji.download (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id   uuid    NOT NULL REFERENCES kuji.tenant,
    at          bigint  NOT NULL DEFAULT floor(extract(epoch FROM clock_timestamp()) * 1000),
    actor       text    NOT NULL,
    address     kuji.address,
    what        text    NOT NULL CHECK (what ~ '^[a-z_]{1,32}$'),
    -- no reference: the log outlives what it names
    campaign_id bigint,
    slug        text,
    filter      jsonb   NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(filter) = 'object'),
    format      text    NOT NULL CHECK (format IN ('csv', 'jsonl')),
    encoding    text    NOT NULL CHECK (encoding IN ('utf-8', 'utf-8-bom', 'cp932')),
    CHECK ((campaign_id IS NULL) = (slug IS NULL)),
    UNIQUE (id, tenant_id)
);
CREATE INDEX download_tenant ON kuji.download (tenant_id, id);
COMMENT ON COLUMN kuji.download.actor IS 'an opaque id: admin, token, "kujictl"';
COMMENT ON COLUMN kuji.download.address IS 'of the client; null: no request';
COMMENT ON COLUMN kuji.download.filter IS 'as asked for; no personal data';

CREATE TABLE kuji.download_end (
    download_id  bigint  PRIMARY KEY,
    tenant_id    uuid    NOT NULL,
    at           bigint  NOT NULL DEFAULT floor(extract(epoch FROM clock_timestamp()) * 1000),
    outcome      text    NOT NULL CHECK (outcome IN ('complete', 'broken', 'failed')),
    rows         bigint  NOT NULL CHECK (rows >= 0),
    bytes        bigint  NOT NULL CHECK (bytes >= 0),
    sha256       bytea   NOT NULL CHECK (octet_length(sha256) = 32),
    replaced     bigint  NOT NULL DEFAULT 0 CHECK (replaced >= 0),
    replaced_row bigint  CHECK (replaced_row >= 1),
    CHECK ((replaced = 0) = (replaced_row IS NULL)),
    FOREIGN KEY (download_id, tenant_id) REFERENCES kuji.download (id, tenant_id)
);
COMMENT ON COLUMN kuji.download_end.outcome IS 'broken: the client went away; failed: we could not go on';
COMMENT ON COLUMN kuji.download_end.sha256 IS 'of the bytes that were sent';
COMMENT ON COLUMN kuji.download_end.replaced IS 'characters that the encoding does not have';
COMMENT ON COLUMN kuji.download_end.replaced_row IS 'the first row with one, from 1';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['download', 'download_end']
    LOOP
        EXECUTE format('ALTER TABLE kuji.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE kuji.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($policy$
            CREATE POLICY tenant ON kuji.%I
                USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid))
            $policy$, name);
    END LOOP;
END
$$;

GRANT SELECT, INSERT (tenant_id, actor, address, what, campaign_id, slug, filter, format, encoding)
   ON kuji.download TO kuji_web;
GRANT SELECT, INSERT (download_id, tenant_id, outcome, rows, bytes, sha256, replaced, replaced_row)
   ON kuji.download_end TO kuji_web;
GRANT SELECT ON kuji.download, kuji.download_end TO kuji_read;

COMMIT;
