/* Reading a campaign's looks.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/rows.h"
#include "store/theme.h"

typedef struct view_t {
    const kuji_act_t *act;
    const char *slug;
    int version;
    int64_t campaign;
    kuji_theme_t *theme;
    const char *sheet;
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

static apr_status_t read_row(void *item, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    kuji_theme_row_t *row = item;

    (void)pool;
    row->version = (int)kuji_pg_int(res, i, 0);
    row->at = kuji_pg_int(res, i, 1);
    row->actor = kuji_pg_text(res, i, 2);
    row->is_current = kuji_pg_bool(res, i, 3);
    return APR_SUCCESS;
}

apr_status_t kuji_theme_list(const kuji_theme_row_t **rows, int *count,
                             const kuji_act_t *act, const char *slug,
                             int before, int limit, apr_pool_t *pool)
{
    kuji_rows_t found = KUJI_ROWS(kuji_theme_row_t, read_row);
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text(&args, slug);
    kuji_args_int(&args, before > 0 ? before : INT32_MAX);
    kuji_args_int(&args, limit);
    rv = kuji_rows_list(&found, act, KUJI_Q_THEME_LIST, &args, pool);
    *rows = found.items;
    *count = found.count;
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
