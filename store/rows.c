/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rows.h"

apr_status_t kuji_rows_read(kuji_rows_t *rows, kuji_conn_t *conn,
                            kuji_query_e query, const kuji_args_t *args,
                            apr_pool_t *pool)
{
    PGresult *res;
    char *items;
    int i, count;
    apr_status_t rv = kuji_pg_query(&res, conn, query, args, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    count = PQntuples(res);
    items = apr_pcalloc(pool, rows->size * ((apr_size_t)count + 1));
    for (i = 0; i < count && rv == APR_SUCCESS; i++) {
        rv = rows->read(items + (apr_size_t)i * rows->size, res, i, pool);
    }
    if (rv == APR_SUCCESS) {
        rows->items = items;
        rows->count = count;
    }
    return rv;
}

typedef struct list_t {
    kuji_rows_t *rows;
    kuji_query_e query;
    const kuji_args_t *args;
} list_t;

static apr_status_t list(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const list_t *l = baton;

    return kuji_rows_read(l->rows, conn, l->query, l->args, pool);
}

apr_status_t kuji_rows_list(kuji_rows_t *rows, const kuji_act_t *act,
                            kuji_query_e query, const kuji_args_t *args,
                            apr_pool_t *pool)
{
    list_t l = {rows, query, args};

    return kuji_pg_transact(act->pg, act->tenant, list, &l, pool);
}
