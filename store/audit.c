/* SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"

#include <apr_strings.h>
#include <stdlib.h>

apr_status_t kuji_audit_add(const kuji_act_t *act, kuji_conn_t *conn,
                            const char *action, const char *object,
                            json_t *detail, apr_pool_t *pool)
{
    char *text = detail ? json_dumps(detail, JSON_COMPACT) : NULL;
    kuji_args_t args;
    apr_status_t rv;

    json_decref(detail);
    kuji_args_init(&args, pool);
    kuji_args_text(&args, act->actor);
    kuji_args_text(&args, action);
    kuji_args_text(&args, object);
    kuji_args_json(&args, text ? text : "{}");
    rv = kuji_pg_query(NULL, conn, KUJI_Q_AUDIT_ADD, &args, pool);
    free(text);
    return rv;
}

typedef struct list_t {
    const kuji_act_t *act;
    int64_t before;
    int limit;
    const kuji_audit_row_t *rows;
    int count;
} list_t;

static apr_status_t list(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    list_t *l = baton;
    kuji_audit_row_t *rows;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, l->act->tenant);
    kuji_args_int(&args, l->before > 0 ? l->before : INT64_MAX);
    kuji_args_int(&args, l->limit);
    rv = kuji_pg_query(&res, conn, KUJI_Q_AUDIT_LIST, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    l->count = PQntuples(res);
    rows = apr_palloc(pool, sizeof(*rows) * ((apr_size_t)l->count + 1));
    for (i = 0; i < l->count; i++) {
        rows[i].seq = kuji_pg_int(res, i, 0);
        rows[i].at = kuji_pg_int(res, i, 1);
        rows[i].actor = kuji_pg_text(res, i, 2);
        rows[i].action = kuji_pg_text(res, i, 3);
        rows[i].object = kuji_pg_text(res, i, 4);
        rows[i].detail = kuji_pg_text(res, i, 5);
    }
    l->rows = rows;
    return APR_SUCCESS;
}

apr_status_t kuji_audit_list(const kuji_audit_row_t **rows, int *count,
                             const kuji_act_t *act, int64_t before, int limit,
                             apr_pool_t *pool)
{
    list_t l = {act, before, limit, NULL, 0};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, list, &l, pool);

    *rows = l.rows;
    *count = l.count;
    return rv;
}
