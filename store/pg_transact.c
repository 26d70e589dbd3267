/* The one transaction wrapper.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/pg_int.h"

#include <string.h>

static apr_status_t simple(kuji_conn_t *conn, kuji_query_e query,
                           const kuji_args_t *args)
{
    PGresult *res;
    apr_status_t rv = kuji_conn__run(&res, conn, query, args);

    PQclear(res);
    return rv;
}

static apr_status_t begin(kuji_conn_t *conn, const char *tenant,
                          apr_pool_t *pool)
{
    kuji_args_t args;
    apr_status_t rv = simple(conn, KUJI_Q_TX_BEGIN, NULL);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_text(&args, tenant ? tenant : "");
    return simple(conn, KUJI_Q_TX_TENANT, &args);
}

apr_status_t kuji_conn__committed(kuji_conn_t *conn, const PGresult *res)
{
    if (conn->warned) {
        __atomic_fetch_add(&conn->pg->unknown_commits, 1, __ATOMIC_RELAXED);
        kuji_conn__close(conn);
        return KUJI_EUNKNOWN;
    }
    /* COMMIT of a failed transaction answers ROLLBACK. */
    return strcmp(PQcmdStatus((PGresult *)res), "COMMIT") == 0 ? APR_SUCCESS
                                                               : KUJI_EDATABASE;
}

static apr_status_t commit(kuji_conn_t *conn)
{
    PGresult *res;
    apr_status_t rv = kuji_conn__prepare(conn, KUJI_Q_TX_COMMIT);

    if (rv != APR_SUCCESS) {
        return rv; /* nothing was sent: it is rolled back */
    }
    conn->warned = 0;
    rv = kuji_conn__run(&res, conn, KUJI_Q_TX_COMMIT, NULL);
    if (rv == APR_SUCCESS) {
        rv = kuji_conn__committed(conn, res);
    }
    else if (!conn->native) {
        __atomic_fetch_add(&conn->pg->unknown_commits, 1, __ATOMIC_RELAXED);
        rv = KUJI_EUNKNOWN;
    }
    PQclear(res);
    return rv;
}

/* A commit waits for standbys only if it wrote: something, then, that comes
 * after all that this transaction has seen. */
static apr_status_t await_standbys(kuji_conn_t *conn, apr_pool_t *pool)
{
    PGresult *res;
    apr_status_t rv = kuji_pg_query(&res, conn, KUJI_Q_TX_STANDBYS, NULL, pool);

    if (rv == APR_SUCCESS && kuji_pg_bool(res, 0, 0)) {
        rv = simple(conn, KUJI_Q_TX_WRITE, NULL);
    }
    return rv;
}

typedef struct transaction_t {
    const char *tenant;
    kuji_pg_work_fn *work;
    void *baton;
    int shown;
} transaction_t;

static apr_status_t attempt(kuji_conn_t *conn, const transaction_t *t,
                            apr_pool_t *pool)
{
    apr_status_t rv = begin(conn, t->tenant, pool);

    if (rv == APR_SUCCESS) {
        rv = t->work(t->baton, conn, pool);
    }
    if (rv == APR_SUCCESS && t->shown) {
        rv = await_standbys(conn, pool);
    }
    if (rv == APR_SUCCESS) {
        return commit(conn);
    }
    if (conn->native && PQtransactionStatus(conn->native) != PQTRANS_IDLE) {
        simple(conn, KUJI_Q_TX_ROLLBACK, NULL);
    }
    return rv;
}

static apr_status_t transact(kuji_pg_t *pg, const transaction_t *t,
                             apr_pool_t *pool)
{
    kuji_conn_t *conn;
    apr_status_t rv;
    int tries, again;

    for (tries = 0;; tries++) {
        rv = kuji_pg_acquire(&conn, pg);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        rv = attempt(conn, t, pool);
        /* A connection that had been idle may have died unseen: what it never
         * committed can be done again on a new one. */
        again = rv == KUJI_EBUSY && conn->used_before && tries == 0 &&
                (!conn->native || PQstatus(conn->native) != CONNECTION_OK);
        kuji_pg_release(conn);
        if (!again) {
            return rv;
        }
    }
}

apr_status_t kuji_pg_transact(kuji_pg_t *pg, const char *tenant,
                              kuji_pg_work_fn *work, void *baton,
                              apr_pool_t *pool)
{
    transaction_t t = {tenant, work, baton, 0};

    return transact(pg, &t, pool);
}

apr_status_t kuji_pg_show(kuji_pg_t *pg, const char *tenant,
                          kuji_pg_work_fn *work, void *baton, apr_pool_t *pool)
{
    transaction_t t = {tenant, work, baton, 1};

    return transact(pg, &t, pool);
}
