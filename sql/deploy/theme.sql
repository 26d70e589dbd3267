-- Deploy mod_kuji:theme to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What organisers bring along. An image is called by its content, so it never
-- changes; a theme's versions are only ever added to, and one pointer a
-- campaign says which of them is shown: going back moves the pointer.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE TABLE kuji.image (
    tenant_id   uuid    NOT NULL REFERENCES kuji.tenant,
    hash        bytea   NOT NULL,
    type        text    NOT NULL CHECK (type IN ('png', 'jpg', 'webp', 'gif')),
    width       integer NOT NULL CHECK (width BETWEEN 1 AND 8192),
    height      integer NOT NULL CHECK (height BETWEEN 1 AND 8192),
    -- 5 MiB, and what a rewritten header may add
    bytes       bytea   NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 5242944
                                        AND hash = sha256(bytes)),
    created_at  bigint  NOT NULL,
    PRIMARY KEY (tenant_id, hash)
);
-- Images do not compress.
ALTER TABLE kuji.image ALTER COLUMN bytes SET STORAGE EXTERNAL;

COMMENT ON TABLE kuji.image IS 'served as /i/{hash in hex}.{type}; rewritten before it gets here, never changed';
COMMENT ON COLUMN kuji.image.width IS 'pixels, as shown';

CREATE TABLE kuji.theme (
    campaign_id bigint  NOT NULL,
    tenant_id   uuid    NOT NULL,
    version     integer NOT NULL CHECK (version >= 1),
    doc         jsonb   NOT NULL CHECK (doc ->> 'base' IN ('ennichi', 'yuki', 'wakaba', 'mono')
                                        AND octet_length(doc ->> 'css') <= 65536),
    logo        bytea   GENERATED ALWAYS AS (decode(left(doc ->> 'logo', 64), 'hex')) STORED,
    visual      bytea   GENERATED ALWAYS AS (decode(left(doc ->> 'visual', 64), 'hex')) STORED,
    sheet       text    NOT NULL CHECK (octet_length(sheet) <= 300000 AND strpos(sheet, '<') = 0),
    actor       text    NOT NULL,
    created_at  bigint  NOT NULL,
    PRIMARY KEY (campaign_id, version),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, logo) REFERENCES kuji.image (tenant_id, hash),
    FOREIGN KEY (tenant_id, visual) REFERENCES kuji.image (tenant_id, hash)
);
COMMENT ON COLUMN kuji.theme.doc IS 'what the organiser chose and wrote (core/theme.h)';
COMMENT ON COLUMN kuji.theme.sheet IS 'the stylesheet made from it: checked, scoped, served';

CREATE TABLE kuji.theme_current (
    campaign_id bigint  PRIMARY KEY,
    tenant_id   uuid    NOT NULL,
    version     integer,
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE,
    FOREIGN KEY (campaign_id, version) REFERENCES kuji.theme (campaign_id, version)
);
COMMENT ON COLUMN kuji.theme_current.version IS 'null: none of them, as at first';

-- Looked at before it is saved: one an admin, the last one only.
CREATE TABLE kuji.theme_preview (
    campaign_id bigint  NOT NULL,
    tenant_id   uuid    NOT NULL,
    actor       text    NOT NULL,
    doc         jsonb   NOT NULL,
    sheet       text    NOT NULL CHECK (octet_length(sheet) <= 300000 AND strpos(sheet, '<') = 0),
    created_at  bigint  NOT NULL,
    PRIMARY KEY (campaign_id, actor),
    FOREIGN KEY (campaign_id, tenant_id) REFERENCES kuji.campaign (id, tenant_id) ON DELETE CASCADE
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['image', 'theme', 'theme_current', 'theme_preview']
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

GRANT SELECT, INSERT ON kuji.image, kuji.theme TO kuji_web;
GRANT SELECT, INSERT, UPDATE (version) ON kuji.theme_current TO kuji_web;
GRANT SELECT, INSERT, UPDATE (doc, sheet, created_at) ON kuji.theme_preview TO kuji_web;
GRANT SELECT ON kuji.image, kuji.theme, kuji.theme_current TO kuji_read;

COMMIT;
