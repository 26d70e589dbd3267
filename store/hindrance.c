/* SPDX-License-Identifier: Apache-2.0 */
#include "store/hindrance.h"

typedef struct ask_t {
    unsigned *found;
    const char **why;
    const kuji_act_t *act;
    const char *slug;
    int can_mail;
} ask_t;

static apr_status_t drop_json(void *value)
{
    json_decref(value);
    return APR_SUCCESS;
}

apr_status_t kuji_hindrances_read(unsigned *found, const json_t **config,
                                  const char **why, const kuji_act_t *act,
                                  kuji_conn_t *conn, const char *slug,
                                  int can_mail, apr_pool_t *pool)
{
    kuji_hindrance_facts_t facts = {.can_mail = can_mail};
    kuji_args_t args;
    PGresult *res;
    json_t *read;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text(&args, slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CAMPAIGN_HINDRANCES, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        *why = "there is no such campaign";
        return rv == APR_SUCCESS ? KUJI_ENOTFOUND : rv;
    }
    read = json_loads(PQgetvalue(res, 0, 0), 0, NULL);
    if (!read) {
        *why = "the campaign's configuration cannot be read";
        return KUJI_EINVAL;
    }
    apr_pool_cleanup_register(pool, read, drop_json, apr_pool_cleanup_null);
    facts.published = kuji_pg_bool(res, 0, 1);
    facts.archived = kuji_pg_bool(res, 0, 2);
    facts.over = kuji_pg_bool(res, 0, 3);
    facts.has_passphrase = kuji_pg_bool(res, 0, 4);
    facts.has_codes = kuji_pg_bool(res, 0, 5);
    facts.has_line = kuji_pg_bool(res, 0, 7);
    facts.provider = PQgetisnull(res, 0, 6) ? NULL : kuji_pg_text(res, 0, 6);
    *config = read;
    *found = kuji_hindrances(read, &facts);
    return APR_SUCCESS;
}

static apr_status_t get(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    ask_t *ask = baton;
    const json_t *config;

    return kuji_hindrances_read(ask->found, &config, ask->why, ask->act, conn,
                                ask->slug, ask->can_mail, pool);
}

apr_status_t kuji_hindrances_get(unsigned *found, const char **why,
                                 const kuji_act_t *act, const char *slug,
                                 int can_mail, apr_pool_t *pool)
{
    ask_t ask = {found, why, act, slug, can_mail};

    return kuji_pg_show(act->pg, act->tenant, get, &ask, pool);
}
