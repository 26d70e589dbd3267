/* PostgreSQL: the pool of connections, statements, transactions. The one file
 * that knows libpq's faults and SQLSTATE (reference: design.md 4).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PG_H
#define KUJI_STORE_PG_H

#include "core/error.h"
#include "sql/queries.h"
#include "store/args.h"

#include <apr_pools.h>
#include <apr_time.h>
#include <libpq-fe.h>

typedef struct kuji_pg_t kuji_pg_t;     /* the pool of connections */
typedef struct kuji_conn_t kuji_conn_t; /* one acquired connection */

/** Told of what is worth a line in the server's log: never parameters. */
typedef void kuji_pg_log_fn(void *baton, int level, apr_status_t rv,
                            const char *message);

typedef struct kuji_pg_config_t {
    const char *conninfo;
    int min, keep, max;       /* connections */
    apr_interval_time_t wait; /* longest wait for a free one */
    int waiters;              /* threads that wait at most; 0: no limit */
    kuji_pg_log_fn *log;      /* may be NULL */
    void *log_baton;
} kuji_pg_config_t;

typedef struct kuji_pg_counters_t {
    uint64_t connects, connect_errors, statement_errors, unknown_commits;
    uint32_t in_use;
} kuji_pg_counters_t;

/** apr_dbd_init has been called. The pool dies with p, connections with it. */
apr_status_t kuji_pg_create(kuji_pg_t **pg, const kuji_pg_config_t *config,
                            apr_pool_t *p);
void kuji_pg_counters(kuji_pg_counters_t *out, kuji_pg_t *pg);

/** KUJI_EBUSY: none free within the wait, or the database cannot be reached.
 */
apr_status_t kuji_pg_acquire(kuji_conn_t **conn, kuji_pg_t *pg);
/** Anything not idle and healthy is closed. */
void kuji_pg_release(kuji_conn_t *conn);
PGconn *kuji_conn_native(kuji_conn_t *conn);
/** Lets what follows on this connection, until its release, take this long in
 * all, where the usual patience (seconds an answer) is too short. */
void kuji_conn_patience(kuji_conn_t *conn, apr_interval_time_t longest);

/** Runs one labelled statement inside the current transaction. *res (may be
 * NULL) is cleared with pool. Result columns come in text format unless the
 * statement was asked in binary by args (kuji_args_binary). */
apr_status_t kuji_pg_query(PGresult **res, kuji_conn_t *conn,
                           kuji_query_e query, const kuji_args_t *args,
                           apr_pool_t *pool);
/** Number of rows a result's command changed. */
int64_t kuji_pg_changed(const PGresult *res);

typedef apr_status_t kuji_pg_work_fn(void *baton, kuji_conn_t *conn,
                                     apr_pool_t *pool);

/** The one transaction wrapper; nobody else begins or commits, but for the
 * queue's pipelined batch (store/batch.c). Acquires, BEGINs, sets kuji.tenant
 * (uuid text; NULL: none, so RLS shows nothing), calls work, commits on
 * APR_SUCCESS and rolls back otherwise. Where the connection turned out dead
 * before any work was committed it is tried once more, so work must be
 * repeatable. pool is cleared by the caller. KUJI_EUNKNOWN: the COMMIT's fate
 * is not known. */
apr_status_t kuji_pg_transact(kuji_pg_t *pg, const char *tenant,
                              kuji_pg_work_fn *work, void *baton,
                              apr_pool_t *pool);

/** As kuji_pg_transact, for work that only reads and whose result is shown:
 * what a cancelled wait for a standby left behind is committed and visible, and
 * yet not surely there after a fail-over (fairness.md 4.3). Where standbys are
 * to be waited for, this commit waits for them too: KUJI_EUNKNOWN where it was
 * cancelled, then show nothing. */
apr_status_t kuji_pg_show(kuji_pg_t *pg, const char *tenant,
                          kuji_pg_work_fn *work, void *baton, apr_pool_t *pool);

/* Reading results; the row and column must exist. NULL reads as NULL, 0, "". */
const char *kuji_pg_text(const PGresult *res, int row, int col);
int64_t kuji_pg_int(const PGresult *res, int row, int col); /* text format */
int kuji_pg_bool(const PGresult *res, int row, int col);
/** bytea in text format; *bytes in pool. */
apr_status_t kuji_pg_bytes(const unsigned char **bytes, apr_size_t *len,
                           const PGresult *res, int row, int col,
                           apr_pool_t *pool);

#endif
