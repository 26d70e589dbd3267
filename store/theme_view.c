/* Reading a campaign's looks.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/theme.h"

typedef struct view_t {
    const kuji_act_t *act;
    const char *slug;
    int before, limit, version;
    int64_t campaign;
    kuji_theme_t *theme;
    const char *sheet;
    const kuji_theme_row_t *rows;
    int count;
} view_t;

static apr_status_t ask(PGresult **res, view_t *v, kuji_conn_t *conn,
                        kuji_query_e query, kuji_args_t *args, apr_pool_t *pool)
{
    kuji_args_init(args, pool);
    kuji_args_uuid(args, v->act->tenant);
    kuji_args_text(args, v->slug);
    if (query == KUJI_Q_THEME_PREVIEW_GET) {
        kuji_args_text(args, v->act->actor);
    }
    if (query == KUJI_Q_THEME_LIST) {
        kuji_args_int(args, v->before > 0 ? v->before : INT32_MAX);
        kuji_args_int(args, v->limit);
    }
    return kuji_pg_query(res, conn, query, args, pool);
}

static apr_status_t read_doc(kuji_theme_t *theme, const char *text,
                             apr_pool_t *pool)
{
    json_t *doc = json_loads(text, 0, NULL);
    const char *why;
    apr_status_t rv =
        doc ? kuji_theme_read(theme, &why, doc, pool) : KUJI_EDATABASE;

    json_decref(doc);
    return rv == APR_SUCCESS ? rv : KUJI_EDATABASE;
}

static apr_status_t current(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    view_t *v = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = ask(&res, v, conn, KUJI_Q_THEME_GET, &args, pool);

    v->version = 0;
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv;
    }
    v->version = (int)kuji_pg_int(res, 0, 0);
    return read_doc(v->theme, kuji_pg_text(res, 0, 1), pool);
}

apr_status_t kuji_theme_current(kuji_theme_t *theme, int *version,
                                const kuji_act_t *act, const char *slug,
                                apr_pool_t *pool)
{
    view_t v = {.act = act, .slug = slug, .theme = theme};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, current, &v, pool);

    *version = v.version;
    return rv;
}

static apr_status_t list(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    view_t *v = baton;
    kuji_theme_row_t *rows;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = ask(&res, v, conn, KUJI_Q_THEME_LIST, &args, pool);
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    v->count = PQntuples(res);
    rows = apr_palloc(pool, sizeof(*rows) * ((apr_size_t)v->count + 1));
    for (i = 0; i < v->count; i++) {
        rows[i].version = (int)kuji_pg_int(res, i, 0);
        rows[i].at = kuji_pg_int(res, i, 1);
        rows[i].actor = kuji_pg_text(res, i, 2);
        rows[i].is_current = kuji_pg_bool(res, i, 3);
    }
    v->rows = rows;
    return APR_SUCCESS;
}

apr_status_t kuji_theme_list(const kuji_theme_row_t **rows, int *count,
                             const kuji_act_t *act, const char *slug,
                             int before, int limit, apr_pool_t *pool)
{
    view_t v = {.act = act, .slug = slug, .before = before, .limit = limit};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, list, &v, pool);

    *rows = v.rows;
    *count = v.count;
    return rv;
}

static apr_status_t sheet(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    view_t *v = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, v->campaign);
    kuji_args_int(&args, v->version);
    rv = kuji_pg_query(&res, conn, KUJI_Q_THEME_SHEET, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        rv = KUJI_ENOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        v->sheet = kuji_pg_text(res, 0, 0);
    }
    return rv;
}

apr_status_t kuji_theme_sheet_get(const char **text, const kuji_act_t *act,
                                  int64_t campaign, int version,
                                  apr_pool_t *pool)
{
    view_t v = {.act = act, .campaign = campaign, .version = version};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, sheet, &v, pool);

    *text = v.sheet;
    return rv;
}

static apr_status_t tried(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    view_t *v = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = ask(&res, v, conn, KUJI_Q_THEME_PREVIEW_GET, &args, pool);

    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        rv = KUJI_ENOTFOUND;
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    v->sheet = kuji_pg_text(res, 0, 1);
    return read_doc(v->theme, kuji_pg_text(res, 0, 0), pool);
}

apr_status_t kuji_theme_tried(kuji_theme_t *theme, const char **text,
                              const kuji_act_t *act, const char *slug,
                              apr_pool_t *pool)
{
    view_t v = {.act = act, .slug = slug, .theme = theme};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, tried, &v, pool);

    *text = v.sheet;
    return rv;
}
