/* Creating a draft, pausing. Editing is campaign_edit.c's, reading
 * campaign_view.c's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/campaign_int.h"

#include "store/append.h"
#include "store/audit.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

const char *kuji_campaign__text(const json_t *config, const char *name)
{
    return json_string_value(json_object_get(config, name));
}

int64_t kuji_campaign__int(const json_t *config, const char *name)
{
    return json_integer_value(json_object_get(config, name));
}

const char *kuji_campaign__dump(const json_t *config, apr_pool_t *pool)
{
    char *text = json_dumps(config, JSON_COMPACT);
    const char *copy = text ? apr_pstrdup(pool, text) : NULL;

    free(text);
    return copy;
}

apr_status_t kuji_campaign__timezone(const char **why, kuji_conn_t *conn,
                                     const json_t *config, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_text(&args, kuji_campaign__text(config, "timezone"));
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
    const char *uuid, *text, *from;
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
    kuji_args_text(&args, kuji_campaign__text(c->config, "slug"));
    kuji_args_text(&args, kuji_campaign__text(c->config, "method"));
    kuji_args_int(&args, kuji_campaign__int(c->config, "opens_at"));
    kuji_args_int(&args, kuji_campaign__int(c->config, "closes_at"));
    kuji_args_text(&args, kuji_campaign__text(c->config, "timezone"));
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
    apr_status_t rv = kuji_campaign__timezone(c->why, conn, c->config, pool);

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
    return kuji_audit_add(c->act, conn, "campaign.create",
                          apr_pstrcat(pool, "campaign:", c->uuid, NULL),
                          json_pack("{s:s, s:s*}", "slug",
                                    kuji_campaign__text(c->config, "slug"),
                                    "from", c->from),
                          pool);
}

apr_status_t kuji_campaign__create(const char **uuid, const char **why,
                                   const kuji_act_t *act, const json_t *config,
                                   const char *from, apr_pool_t *pool)
{
    create_t c = {.act = act, .config = config, .why = why, .from = from};
    apr_status_t rv = kuji_config_check(why, config, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    c.text = kuji_campaign__dump(config, pool);
    if (!c.text) {
        return APR_ENOMEM;
    }
    *uuid = c.uuid = kuji_uuid_make(pool);
    return kuji_pg_transact(act->pg, act->tenant, create, &c, pool);
}

apr_status_t kuji_campaign_create(const char **uuid, const char **why,
                                  const kuji_act_t *act, const json_t *config,
                                  apr_pool_t *pool)
{
    return kuji_campaign__create(uuid, why, act, config, NULL, pool);
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
