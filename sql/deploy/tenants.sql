-- Deploy mod_kuji:tenants to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- Row-level security, here and in every table that a tenant owns: rows are
-- those of the tenant that the transaction named with
-- set_config('kuji.tenant', uuid, true), none where it named none. The setting
-- reads as '' after such a transaction, hence NULLIF; the sub-select makes
-- PostgreSQL work it out once a statement, not once a row. FORCE: it binds the
-- owner as well.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE TABLE kuji.tenant (
    id          uuid    PRIMARY KEY DEFAULT gen_random_uuid(),
    name        text    NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9-]{1,63}$'),
    host        text    NOT NULL UNIQUE
                        CHECK (host = lower(host) AND host ~ '^[^[:space:]+/]{1,255}$'),
    title       text    NOT NULL,
    data_key    bytea   NOT NULL,
    status      text    NOT NULL DEFAULT 'active'
                        CHECK (status IN ('active', 'suspended')),
    created_at  bigint  NOT NULL
);
COMMENT ON COLUMN kuji.tenant.host IS 'lower case, with the port only if it is not 443; what manifests name as origin';
COMMENT ON COLUMN kuji.tenant.data_key IS 'sealed by the master key, which no database sees';

CREATE TABLE kuji.token (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id   uuid    NOT NULL REFERENCES kuji.tenant,
    name        text    NOT NULL,
    -- plain SHA-256 is enough: a token is 256 random bits
    digest      bytea   NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    scopes      text[]  NOT NULL CHECK (scopes <@ ARRAY['read', 'draw', 'write']),
    created_at  bigint  NOT NULL,
    revoked_at  bigint
);
CREATE INDEX token_tenant ON kuji.token (tenant_id);

CREATE TABLE kuji.admin (
    id            uuid    PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id     uuid    NOT NULL REFERENCES kuji.tenant,
    login         text    NOT NULL,
    password_hash text    NOT NULL,
    role          text    NOT NULL CHECK (role IN ('owner', 'editor', 'staff', 'viewer')),
    disabled      boolean NOT NULL DEFAULT false,
    created_at    bigint  NOT NULL,
    UNIQUE (tenant_id, login)
);

ALTER TABLE kuji.tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE kuji.tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kuji.tenant
    USING (id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid));

ALTER TABLE kuji.token ENABLE ROW LEVEL SECURITY;
ALTER TABLE kuji.token FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kuji.token
    USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid));

ALTER TABLE kuji.admin ENABLE ROW LEVEL SECURITY;
ALTER TABLE kuji.admin FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kuji.admin
    USING (tenant_id = (SELECT NULLIF(current_setting('kuji.tenant', true), '')::uuid));

-- A tenant's id and birth never change; nobody is deleted, only suspended,
-- revoked, disabled.
GRANT SELECT, INSERT, UPDATE (name, host, title, data_key, status) ON kuji.tenant TO kuji_web;
GRANT SELECT, INSERT, UPDATE (name, revoked_at) ON kuji.token TO kuji_web;
GRANT SELECT, INSERT, UPDATE (login, password_hash, role, disabled) ON kuji.admin TO kuji_web;

GRANT SELECT (id, name, host, title, status, created_at) ON kuji.tenant TO kuji_read;
GRANT SELECT (id, tenant_id, name, scopes, created_at, revoked_at) ON kuji.token TO kuji_read;
GRANT SELECT (id, tenant_id, login, role, disabled, created_at) ON kuji.admin TO kuji_read;

COMMIT;
