/* SPDX-License-Identifier: Apache-2.0 */
#include "store/liff.h"

typedef struct work_t {
    const kuji_liff_shown_t *shown;
    const kuji_act_t *act;
    int is_foreign;
} work_t;

static apr_status_t put(int64_t *changed, const work_t *w, kuji_query_e query,
                        const unsigned char digest[KUJI_DIGEST_LEN],
                        int64_t expires, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_bytes(&args, digest, KUJI_DIGEST_LEN);
    kuji_args_bytes(&args, w->shown->browser, KUJI_DIGEST_LEN);
    kuji_args_int(&args, expires);
    rv = kuji_pg_query(&res, conn, query, &args, pool);
    if (rv == APR_SUCCESS) {
        *changed = kuji_pg_changed(res);
    }
    return rv;
}

static apr_status_t sweep(const work_t *w, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    return kuji_pg_query(&res, conn, KUJI_Q_LIFF_SWEEP, &args, pool);
}

static apr_status_t show(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    int64_t changed = 0;
    apr_status_t rv = sweep(w, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = put(&changed, w, KUJI_Q_LIFF_ONCE, w->shown->once,
                 w->shown->once_expires, conn, pool);
    }
    if (rv == APR_SUCCESS && changed != 1) {
        return KUJI_ECONFLICT;
    }
    if (rv == APR_SUCCESS) {
        rv = put(&changed, w, KUJI_Q_LIFF_TOKEN, w->shown->token,
                 w->shown->token_expires, conn, pool);
    }
    /* Committed, so that the value stays used. */
    w->is_foreign = rv == APR_SUCCESS && changed != 1;
    return rv;
}

apr_status_t kuji_liff_show(const kuji_liff_shown_t *shown,
                            const kuji_act_t *act, apr_pool_t *pool)
{
    work_t w = {.shown = shown, .act = act};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, show, &w, pool);

    return rv == APR_SUCCESS && w.is_foreign ? KUJI_EVERIFY : rv;
}
