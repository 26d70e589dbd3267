/* Drafts: create, edit, pause. Reading is campaign_view.c's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/campaign.h"

#include "store/append.h"
#include "store/audit.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *config, const char *name)
{
    return json_string_value(json_object_get(config, name));
}

static int64_t int_of(const json_t *config, const char *name)
{
    return json_integer_value(json_object_get(config, name));
}

static const char *dump(const json_t *config, apr_pool_t *pool)
{
    char *text = json_dumps(config, JSON_COMPACT);
    const char *copy = text ? apr_pstrdup(pool, text) : NULL;

    free(text);
    return copy;
}

/* IANA's names are PostgreSQL's to know: it works out the days. */
static apr_status_t check_timezone(const char **why, kuji_conn_t *conn,
                                   const json_t *config, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_text(&args, text_of(config, "timezone"));
    rv = kuji_pg_query(&res, conn, KUJI_Q_CAMPAIGN_TIMEZONE, &args, pool);
    if (rv == APR_SUCCESS && !kuji_pg_bool(res, 0, 0)) {
        *why = "timezone: not the name of a time zone, such as Asia/Tokyo";
        rv = KUJI_EINVAL;
    }
    return rv;
}

typedef struct create_t {
    const kuji_act_t *act;
    const json_t *config;
    const char *uuid, *text;
    const char **why;
} create_t;

static apr_status_t insert_campaign(int64_t *id, create_t *c, kuji_conn_t *conn,
                                    apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, c->uuid);
    kuji_args_uuid(&args, c->act->tenant);
    kuji_args_text(&args, text_of(c->config, "slug"));
    kuji_args_text(&args, text_of(c->config, "method"));
    kuji_args_int(&args, int_of(c->config, "opens_at"));
    kuji_args_int(&args, int_of(c->config, "closes_at"));
    kuji_args_text(&args, text_of(c->config, "timezone"));
    rv = kuji_pg_query(&res, conn, KUJI_Q_CAMPAIGN_INSERT, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *c->why = "another campaign has this slug";
        return KUJI_ECONFLICT;
    }
    *id = kuji_pg_int(res, 0, 0);
    return APR_SUCCESS;
}

static apr_status_t create(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    create_t *c = baton;
    kuji_args_t args;
    int64_t id = 0;
    apr_status_t rv = check_timezone(c->why, conn, c->config, pool);

    if (rv == APR_SUCCESS) {
        rv = insert_campaign(&id, c, conn, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, id);
    kuji_args_uuid(&args, c->act->tenant);
    kuji_args_json(&args, c->text);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_CAMPAIGN_CONFIG_INSERT, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_audit_add(
        c->act, conn, "campaign.create",
        apr_pstrcat(pool, "campaign:", c->uuid, NULL),
        json_pack("{s:s}", "slug", text_of(c->config, "slug")), pool);
}

apr_status_t kuji_campaign_create(const char **uuid, const char **why,
                                  const kuji_act_t *act, const json_t *config,
                                  apr_pool_t *pool)
{
    create_t c = {.act = act, .config = config, .why = why};
    apr_status_t rv = kuji_config_check(why, config, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    c.text = dump(config, pool);
    if (!c.text) {
        return APR_ENOMEM;
    }
    *uuid = c.uuid = kuji_uuid_make(pool);
    return kuji_pg_transact(act->pg, act->tenant, create, &c, pool);
}

typedef struct patch_t {
    const kuji_act_t *act;
    const char *slug;
    int version;
    const json_t *patch;
    const char **why;
} patch_t;

/* RFC 7396; steals nothing, changes target in place. */
static void merge(json_t *target, const json_t *patch)
{
    const char *name;
    json_t *value, *old;

    json_object_foreach((json_t *)patch, name, value)
    {
        if (json_is_null(value)) {
            json_object_del(target, name);
            continue;
        }
        if (!json_is_object(value)) {
            json_object_set(target, name, value);
            continue;
        }
        old = json_object_get(target, name);
        if (!json_is_object(old)) {
            old = json_object();
            json_object_set_new(target, name, old);
        }
        merge(old, value);
    }
}

static apr_status_t drop_json(void *value)
{
    json_decref(value);
    return APR_SUCCESS;
}

/* The stored CONFIG with the patch merged in, checked. */
static apr_status_t merged(json_t **config, patch_t *p, kuji_append_t *a)
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
    *config = json_loads(PQgetvalue(res, 0, 0), 0, NULL);
    if (!*config) {
        return KUJI_EDATABASE;
    }
    apr_pool_cleanup_register(a->pool, *config, drop_json,
                              apr_pool_cleanup_null);
    merge(*config, p->patch);
    rv = kuji_config_check(p->why, *config, a->pool);
    return rv == APR_SUCCESS ? check_timezone(p->why, a->conn, *config, a->pool)
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
    kuji_args_text(&args, text_of(config, "slug"));
    kuji_args_int(&args, a->id);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_CAMPAIGN_SLUG_TAKEN, &args,
                       a->pool);
    if (rv == APR_SUCCESS && kuji_pg_bool(res, 0, 0)) {
        *why = "another campaign has this slug";
        rv = KUJI_ECONFLICT;
    }
    return rv;
}

static apr_status_t update(kuji_append_t *a, const json_t *config,
                           const char **why)
{
    kuji_args_t args;
    apr_status_t rv = check_slug(a, config, why);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_json(&args, dump(config, a->pool));
    rv = kuji_pg_query(NULL, a->conn, KUJI_Q_CAMPAIGN_CONFIG_UPDATE, &args,
                       a->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_text(&args, text_of(config, "slug"));
    kuji_args_text(&args, text_of(config, "method"));
    kuji_args_int(&args, int_of(config, "opens_at"));
    kuji_args_int(&args, int_of(config, "closes_at"));
    kuji_args_text(&args, text_of(config, "timezone"));
    rv = kuji_pg_query(NULL, a->conn, KUJI_Q_CAMPAIGN_EDIT, &args, a->pool);
    if (rv == KUJI_ECONFLICT) {
        *why = "another campaign has this slug";
    }
    return rv;
}

static apr_status_t patch_draft(void *baton, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    patch_t *p = baton;
    kuji_append_t a;
    json_t *config;
    apr_status_t rv = kuji_append_lock(&a, p->why, p->act, conn, p->slug, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (strcmp(a.status, "draft") != 0) {
        *p->why = "the campaign is published: what it says cannot change";
        return KUJI_ESTATE;
    }
    if (a.version != p->version) {
        *p->why = "somebody else has changed the campaign meanwhile";
        return KUJI_ECONFLICT;
    }
    rv = merged(&config, p, &a);
    if (rv == APR_SUCCESS) {
        rv = update(&a, config, p->why);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_audit_add(
        p->act, conn, "campaign.edit",
        apr_pstrcat(pool, "campaign:", a.uuid, NULL),
        json_pack("{s:i, s:O}", "version", p->version + 1, "patch", p->patch),
        pool);
}

apr_status_t kuji_campaign_patch(int *new_version, const char **why,
                                 const kuji_act_t *act, const char *slug,
                                 int version, const json_t *patch,
                                 apr_pool_t *pool)
{
    patch_t p = {act, slug, version, patch, why};

    if (!json_is_object(patch)) {
        *why = "the change must be a JSON object";
        return KUJI_EINVAL;
    }
    *new_version = version + 1;
    return kuji_pg_transact(act->pg, act->tenant, patch_draft, &p, pool);
}

typedef struct pause_t {
    const kuji_act_t *act;
    const char *slug;
    int pause;
    const char **why;
} pause_t;

static apr_status_t pause_or_resume(void *baton, kuji_conn_t *conn,
                                    apr_pool_t *pool)
{
    pause_t *p = baton;
    kuji_append_t a;
    kuji_args_t args;
    apr_status_t rv = kuji_append_lock(&a, p->why, p->act, conn, p->slug, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (strcmp(a.status, p->pause ? "published" : "paused") != 0) {
        *p->why = p->pause ? "only a running campaign can be paused"
                           : "the campaign is not paused";
        return KUJI_ESTATE;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, a.id);
    kuji_args_text(&args, p->pause ? "paused" : "published");
    rv = kuji_pg_query(NULL, conn, KUJI_Q_CAMPAIGN_STATUS, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_audit_add(
        p->act, conn, p->pause ? "campaign.pause" : "campaign.resume",
        apr_pstrcat(pool, "campaign:", a.uuid, NULL), NULL, pool);
}

apr_status_t kuji_campaign_pause(const char **why, const kuji_act_t *act,
                                 const char *slug, int pause, apr_pool_t *pool)
{
    pause_t p = {act, slug, pause, why};

    return kuji_pg_transact(act->pg, act->tenant, pause_or_resume, &p, pool);
}
