/* Inside of the connection pool: for store/pg*.c and store/batch*.c only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PG_INT_H
#define KUJI_STORE_PG_INT_H

#include "store/pg.h"

#include <apr_dbd.h>
#include <apr_reslist.h>
#include <apr_thread_mutex.h>

/** Longest wait for one answer of PostgreSQL unless a caller sets less. */
#define KUJI_PG_PATIENCE apr_time_from_sec(5)
/** After a failed connect nobody tries again for this long; who comes then
 * waits it out, so that the first one after a restart succeeds. */
#define KUJI_PG_BREAKER apr_time_from_msec(200)
/** A failed connect is logged again after this long. */
#define KUJI_PG_SAY_AGAIN apr_time_from_sec(10)

struct kuji_pg_t {
    kuji_pg_config_t config;
    const char *conninfo; /* with our defaults filled in */
    const apr_dbd_driver_t *driver;
    apr_reslist_t *slots;
    uint32_t in_use; /* the four below too: atomic */
    uint64_t connects, connect_errors, statement_errors, unknown_commits;
    uint32_t waiting; /* threads inside apr_reslist_acquire; atomic */
    int64_t retry_at; /* breaker: no connect before this time; atomic */
    int64_t said_at;  /* when a failed connect was last logged; atomic */
};

/* A slot of the list; native is NULL while there is no connection. */
struct kuji_conn_t {
    kuji_pg_t *pg;
    apr_pool_t *pool; /* the connection's own, destroyed with it */
    apr_dbd_t *handle;
    PGconn *native;
    apr_time_t deadline; /* of the answer being waited for; 0: patience */
    int warned;          /* a WARNING came since it was last cleared */
    int locked;          /* the last error was a lock time-out */
    int used_before;     /* had a connection been idle in the list? */
    unsigned char prepared[(KUJI_Q_COUNT + 7) / 8];
};

/** Connects an empty slot. KUJI_EBUSY. */
apr_status_t kuji_conn__open(kuji_conn_t *conn);
void kuji_conn__close(kuji_conn_t *conn);

/** Waits until PQgetResult would not block. KUJI_EBUSY at the deadline or with
 * the connection lost. */
apr_status_t kuji_conn__wait(kuji_conn_t *conn);
/** Sends what libpq holds, reading meanwhile. */
apr_status_t kuji_conn__flush(kuji_conn_t *conn);

/** Prepares a statement where this connection has not yet; not in pipeline
 * mode. */
apr_status_t kuji_conn__prepare(kuji_conn_t *conn, kuji_query_e query);
/** Queues one prepared statement (plain or pipeline mode). */
apr_status_t kuji_conn__send(kuji_conn_t *conn, kuji_query_e query,
                             const kuji_args_t *args);
/** The next result; its status checked, its SQLSTATE turned into ours and
 * logged. NULL result with APR_SUCCESS: end of that statement. The caller
 * clears it. */
apr_status_t kuji_conn__result(PGresult **res, kuji_conn_t *conn);
/** Runs one statement outside pipeline mode, to its end. The caller clears
 * *res. */
apr_status_t kuji_conn__run(PGresult **res, kuji_conn_t *conn,
                            kuji_query_e query, const kuji_args_t *args);

/** Whether a result of COMMIT means that the transaction is durable:
 * APR_SUCCESS, KUJI_EUNKNOWN (a WARNING came: the wait for a synchronous
 * standby was cancelled), KUJI_EDATABASE (it was rolled back). */
apr_status_t kuji_conn__committed(kuji_conn_t *conn, const PGresult *res);

void kuji_pg__log(kuji_pg_t *pg, int level, apr_status_t rv, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));

/** Levels of kuji_pg_log_fn, those of syslog. */
#define KUJI_LOG_ERR 3
#define KUJI_LOG_WARNING 4
#define KUJI_LOG_NOTICE 5
#define KUJI_LOG_INFO 6

#endif
