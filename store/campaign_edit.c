/* Changing what a campaign says, by a merge patch and a version: whoever comes
 * second with the same version is told, and nothing is overwritten.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/append.h"
#include "store/audit.h"
#include "store/campaign_int.h"

#include <apr_strings.h>
#include <string.h>

typedef struct patch_t {
    const kuji_act_t *act;
    const char *slug;
    int version;
    const json_t *patch;
    const char **why;
    json_t *old, *config; /* before and after; released with pool */
} patch_t;

static apr_status_t drop_json(void *value)
{
    json_decref(value);
    return APR_SUCCESS;
}

static json_t *keep(json_t *json, apr_pool_t *pool)
{
    if (json) {
        apr_pool_cleanup_register(pool, json, drop_json, apr_pool_cleanup_null);
    }
    return json;
}

/* The stored CONFIG, and with the patch merged in and checked. */
static apr_status_t merged(patch_t *p, kuji_append_t *a)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_CAMPAIGN_CONFIG_GET, &args,
                       a->pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv == APR_SUCCESS ? KUJI_EDATABASE : rv;
    }
    p->old = keep(json_loads(PQgetvalue(res, 0, 0), 0, NULL), a->pool);
    p->config = keep(json_deep_copy(p->old), a->pool);
    if (!p->config) {
        return KUJI_EDATABASE;
    }
    kuji_config_merge(p->config, p->patch);
    if (strcmp(a->status, "draft") != 0 &&
        !kuji_config_same_promise(p->old, p->config)) {
        *p->why = "the campaign is published: what it says cannot change";
        return KUJI_ESTATE;
    }
    rv = kuji_config_check(p->why, p->config, a->pool);
    return rv == APR_SUCCESS
               ? kuji_campaign__timezone(p->why, a->conn, p->config, a->pool)
               : rv;
}

/* The constraint has the last word; this spares its ERROR in PostgreSQL's log.
 */
static apr_status_t check_slug(kuji_append_t *a, const json_t *config,
                               const char **why)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, a->pool);
    kuji_args_uuid(&args, a->act->tenant);
    kuji_args_text(&args, kuji_campaign__text(config, "slug"));
    kuji_args_int(&args, a->id);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_CAMPAIGN_SLUG_TAKEN, &args,
                       a->pool);
    if (rv == APR_SUCCESS && kuji_pg_bool(res, 0, 0)) {
        *why = "another campaign has this slug";
        rv = KUJI_ECONFLICT;
    }
    return rv;
}

static apr_status_t update_config(kuji_append_t *a, const json_t *config)
{
    kuji_args_t args;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_json(&args, kuji_campaign__dump(config, a->pool));
    return kuji_pg_query(NULL, a->conn, KUJI_Q_CAMPAIGN_CONFIG_UPDATE, &args,
                         a->pool);
}

static apr_status_t update_draft(kuji_append_t *a, const json_t *config,
                                 const char **why)
{
    kuji_args_t args;
    apr_status_t rv = check_slug(a, config, why);

    if (rv == APR_SUCCESS) {
        rv = update_config(a, config);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_text(&args, kuji_campaign__text(config, "slug"));
    kuji_args_text(&args, kuji_campaign__text(config, "method"));
    kuji_args_int(&args, kuji_campaign__int(config, "opens_at"));
    kuji_args_int(&args, kuji_campaign__int(config, "closes_at"));
    kuji_args_text(&args, kuji_campaign__text(config, "timezone"));
    rv = kuji_pg_query(NULL, a->conn, KUJI_Q_CAMPAIGN_EDIT, &args, a->pool);
    if (rv == KUJI_ECONFLICT) {
        *why = "another campaign has this slug";
    }
    return rv;
}

/* What was promised stays; the rest of CONFIG may still change, but not into
 * something that could not have been published. */
static apr_status_t update_published(kuji_append_t *a, const patch_t *p)
{
    kuji_args_t args;
    apr_status_t rv;

    if (kuji_config_missing(p->config) & ~kuji_config_missing(p->old)) {
        *p->why = "privacy: purpose and retention_days cannot be taken away "
                  "from a published campaign";
        return KUJI_EINVAL;
    }
    rv = update_config(a, p->config);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    return kuji_pg_query(NULL, a->conn, KUJI_Q_CAMPAIGN_TOUCH, &args, a->pool);
}

static apr_status_t patch_campaign(void *baton, kuji_conn_t *conn,
                                   apr_pool_t *pool)
{
    patch_t *p = baton;
    kuji_append_t a;
    apr_status_t rv = kuji_append_lock(&a, p->why, p->act, conn, p->slug, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (a.version != p->version) {
        *p->why = "somebody else has changed the campaign meanwhile";
        return KUJI_ECONFLICT;
    }
    rv = merged(p, &a);
    if (rv == APR_SUCCESS) {
        rv = strcmp(a.status, "draft") == 0
                 ? update_draft(&a, p->config, p->why)
                 : update_published(&a, p);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_audit_add(
        p->act, conn, KUJI_AUDIT_EDIT,
        apr_pstrcat(pool, "campaign:", a.uuid, NULL),
        json_pack("{s:i, s:o, s:o}", "version", p->version + 1, "before",
                  kuji_config_diff(p->config, p->old), "after",
                  kuji_config_diff(p->old, p->config)),
        pool);
}

apr_status_t kuji_campaign_patch(int *new_version, const char **why,
                                 const kuji_act_t *act, const char *slug,
                                 int version, const json_t *patch,
                                 apr_pool_t *pool)
{
    patch_t p = {.act = act,
                 .slug = slug,
                 .version = version,
                 .patch = patch,
                 .why = why};

    if (!json_is_object(patch)) {
        *why = "the change must be a JSON object";
        return KUJI_EINVAL;
    }
    *new_version = version + 1;
    return kuji_pg_transact(act->pg, act->tenant, patch_campaign, &p, pool);
}
