-- Deploy mod_kuji:lookups to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What is asked before a tenant is known. These functions see all tenants, so
-- they return little, take exact values, have a fixed search_path, and belong
-- to a role that may read just these columns.

BEGIN;

CREATE FUNCTION kuji_api.schema_version() RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN 1;
COMMENT ON FUNCTION kuji_api.schema_version() IS 'readyz compares it with what the module was built for';

CREATE FUNCTION kuji_api.now_ms() RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
RETURN floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;
COMMENT ON FUNCTION kuji_api.now_ms() IS 'the database''s clock, ms since 1970-01-01 UTC';

ALTER FUNCTION kuji_api.schema_version() OWNER TO kuji_owner;
ALTER FUNCTION kuji_api.now_ms() OWNER TO kuji_owner;

CREATE FUNCTION kuji_api.tenant_by_name(wanted text)
RETURNS TABLE (id uuid, name text, host text, title text, status text, data_key bytea)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id, t.name, t.host, t.title, t.status, t.data_key
      FROM kuji.tenant t
     WHERE t.name = wanted
$$;

-- For the jobs and kujictl, which then go tenant by tenant.
CREATE FUNCTION kuji_api.tenants()
RETURNS TABLE (id uuid, name text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id, t.name FROM kuji.tenant t ORDER BY t.name
$$;

-- Nothing for a revoked token or a suspended tenant.
CREATE FUNCTION kuji_api.token(wanted bytea)
RETURNS TABLE (id bigint, tenant_id uuid, scopes text[])
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.id, k.tenant_id, k.scopes
      FROM kuji.token k
      JOIN kuji.tenant t ON t.id = k.tenant_id
     WHERE k.digest = wanted AND k.revoked_at IS NULL AND t.status = 'active'
$$;

-- Published campaigns whose period is over at that time, the longest due first.
CREATE FUNCTION kuji_api.due_campaigns(at bigint)
RETURNS TABLE (id bigint, tenant_id uuid, uuid uuid, slug text, method text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id, c.tenant_id, c.uuid, c.slug, c.method
      FROM kuji.campaign c
     WHERE c.status IN ('published', 'paused') AND c.closes_at <= due_campaigns.at
       -- Substitutes come before the close: a raffle is given thirty days
       -- for them, unless its admin closes it.
       AND (c.method <> 'raffle'
            OR c.raffled_at <= due_campaigns.at - 30 * 86400000::bigint)
     ORDER BY c.closes_at, c.id
$$;

GRANT SELECT (id, name, host, title, status, data_key) ON kuji.tenant TO kuji_lookup;
GRANT SELECT (id, tenant_id, digest, scopes, revoked_at) ON kuji.token TO kuji_lookup;
GRANT SELECT (id, tenant_id, uuid, slug, status, method, closes_at, raffled_at) ON kuji.campaign
   TO kuji_lookup;

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY['tenant_by_name(text)', 'tenants()', 'token(bytea)',
                                     'due_campaigns(bigint)']
    LOOP
        EXECUTE format('ALTER FUNCTION kuji_api.%s OWNER TO kuji_lookup', signature);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION kuji_api.%s FROM PUBLIC', signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION kuji_api.%s TO kuji_web', signature);
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION kuji_api.schema_version(), kuji_api.now_ms() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kuji_api.schema_version(), kuji_api.now_ms() TO kuji_web, kuji_read;

COMMIT;
