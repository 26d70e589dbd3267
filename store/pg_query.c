/* Statements: sending, waiting with a way out, reading, and what SQLSTATE
 * means to us.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/pg_int.h"

#include <apr_strings.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* Blocks in poll, never in libpq: a database that is stopped, not dead, would
 * otherwise hold the thread for good. */
static apr_status_t await(kuji_conn_t *conn, short events, apr_time_t until)
{
    struct pollfd pfd = {PQsocket(conn->native), events, 0};
    apr_interval_time_t left = until - apr_time_now();
    int n;

    if (pfd.fd < 0) {
        return KUJI_EBUSY;
    }
    n = poll(&pfd, 1, left <= 0 ? 0 : (int)(left / 1000) + 1);
    if (n < 0 && errno == EINTR) {
        return APR_SUCCESS;
    }
    return n > 0 ? APR_SUCCESS : KUJI_EBUSY;
}

static apr_time_t until(const kuji_conn_t *conn)
{
    return conn->deadline ? conn->deadline : apr_time_now() + KUJI_PG_PATIENCE;
}

void kuji_conn_patience(kuji_conn_t *conn, apr_interval_time_t longest)
{
    conn->deadline = apr_time_now() + longest;
}

static apr_status_t lost(kuji_conn_t *conn, const char *doing)
{
    kuji_pg__log(conn->pg, KUJI_LOG_ERR, KUJI_EBUSY,
                 "connection lost or silent while %s", doing);
    __atomic_fetch_add(&conn->pg->connect_errors, 1, __ATOMIC_RELAXED);
    kuji_conn__close(conn);
    return KUJI_EBUSY;
}

apr_status_t kuji_conn__flush(kuji_conn_t *conn)
{
    apr_time_t end = until(conn);
    int more;

    if (!conn->native) {
        return KUJI_EBUSY;
    }
    while ((more = PQflush(conn->native)) == 1) {
        if (await(conn, POLLIN | POLLOUT, end) != APR_SUCCESS) {
            return lost(conn, "sending");
        }
        /* The server may be unable to read on before we have read. */
        if (!PQconsumeInput(conn->native)) {
            return lost(conn, "sending");
        }
    }
    return more == 0 ? APR_SUCCESS : lost(conn, "sending");
}

apr_status_t kuji_conn__wait(kuji_conn_t *conn)
{
    apr_time_t end = until(conn);

    if (!conn->native) {
        return KUJI_EBUSY;
    }
    while (PQisBusy(conn->native)) {
        if (await(conn, POLLIN, end) != APR_SUCCESS ||
            !PQconsumeInput(conn->native)) {
            return lost(conn, "waiting for an answer");
        }
    }
    return APR_SUCCESS;
}

/* What an SQLSTATE means to the caller. */
static apr_status_t status_of(const char *state)
{
    static const char *const busy[] = {
        "08",    /* connection exceptions */
        "40",    /* serialisation, deadlock */
        "53",    /* insufficient resources, too many connections, disk full */
        "55P03", /* lock not available in time */
        "57014", /* statement time-out or cancel */
        "57P",   /* shutting down, starting up */
        "25006", /* read only: demoted */
        "58",    /* the machine's own errors */
        NULL,
    };
    int i;

    if (!state || !*state) {
        return KUJI_EBUSY; /* libpq's own: the connection is gone */
    }
    for (i = 0; busy[i]; i++) {
        if (strncmp(state, busy[i], strlen(busy[i])) == 0) {
            return KUJI_EBUSY;
        }
    }
    return strcmp(state, "23505") == 0 ? KUJI_ECONFLICT : KUJI_EDATABASE;
}

/* The primary message and the constraint's name; never the detail, which
 * quotes values. */
static apr_status_t failed(kuji_conn_t *conn, const PGresult *res)
{
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
    const char *name = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
    apr_status_t rv = status_of(state);

    conn->locked = state && strcmp(state, "55P03") == 0;

    if (rv != KUJI_ECONFLICT) {
        __atomic_fetch_add(&conn->pg->statement_errors, 1, __ATOMIC_RELAXED);
        kuji_pg__log(conn->pg,
                     conn->locked       ? KUJI_LOG_INFO
                     : rv == KUJI_EBUSY ? KUJI_LOG_WARNING
                                        : KUJI_LOG_ERR,
                     rv, "SQLSTATE %s: %s%s%s", state ? state : "none",
                     text ? text : "connection lost", name ? ", " : "",
                     name ? name : "");
    }
    return rv;
}

apr_status_t kuji_conn__result(PGresult **res, kuji_conn_t *conn)
{
    apr_status_t rv = kuji_conn__wait(conn);

    *res = NULL;
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *res = PQgetResult(conn->native);
    switch (*res ? PQresultStatus(*res) : PGRES_COMMAND_OK) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_PIPELINE_SYNC:
        return APR_SUCCESS;
    case PGRES_PIPELINE_ABORTED: /* its cause was reported before it */
        rv = KUJI_EDATABASE;
        break;
    default:
        rv = failed(conn, *res);
    }
    PQclear(*res);
    *res = NULL;
    return rv;
}

/* Reads the results of one statement to their end, keeping the first. */
static apr_status_t drain(PGresult **res, kuji_conn_t *conn)
{
    apr_status_t rv = kuji_conn__result(res, conn), rest;
    PGresult *more = NULL;

    while (conn->native) {
        rest = kuji_conn__result(&more, conn);
        if (rest == APR_SUCCESS && !more) {
            break;
        }
        PQclear(more);
        if (rest != APR_SUCCESS && !conn->native) {
            rv = rv == APR_SUCCESS ? rest : rv;
        }
    }
    if (rv != APR_SUCCESS && *res) {
        PQclear(*res);
        *res = NULL;
    }
    return rv;
}

apr_status_t kuji_conn__prepare(kuji_conn_t *conn, kuji_query_e query)
{
    const kuji_query_t *q = &kuji_queries[query];
    PGresult *res;
    apr_status_t rv;

    if (conn->native && conn->prepared[query / 8] & (1u << query % 8)) {
        return APR_SUCCESS;
    }
    if (!conn->native ||
        !PQsendPrepare(conn->native, q->label, q->text, 0, NULL)) {
        return lost(conn, "preparing");
    }
    rv = kuji_conn__flush(conn);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = drain(&res, conn);
    if (rv == APR_SUCCESS) {
        PQclear(res);
        conn->prepared[query / 8] |= 1u << query % 8;
    }
    else if (rv == KUJI_EDATABASE) {
        kuji_pg__log(conn->pg, KUJI_LOG_ERR, rv, "cannot prepare %s", q->label);
    }
    return rv;
}

apr_status_t kuji_conn__send(kuji_conn_t *conn, kuji_query_e query,
                             const kuji_args_t *args)
{
    int ok =
        conn->native &&
        PQsendQueryPrepared(
            conn->native, kuji_queries[query].label, args ? args->count : 0,
            args ? args->values : NULL, args ? args->lengths : NULL,
            args ? args->formats : NULL, args ? args->binary_result : 0);

    return ok ? APR_SUCCESS : lost(conn, "sending");
}

apr_status_t kuji_conn__run(PGresult **res, kuji_conn_t *conn,
                            kuji_query_e query, const kuji_args_t *args)
{
    apr_status_t rv = kuji_conn__prepare(conn, query);

    *res = NULL;
    if (rv == APR_SUCCESS) {
        rv = kuji_conn__send(conn, query, args);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_conn__flush(conn);
    }
    return rv == APR_SUCCESS ? drain(res, conn) : rv;
}

static apr_status_t clear_result(void *res)
{
    PQclear(res);
    return APR_SUCCESS;
}

apr_status_t kuji_pg_query(PGresult **out, kuji_conn_t *conn,
                           kuji_query_e query, const kuji_args_t *args,
                           apr_pool_t *pool)
{
    PGresult *res;
    apr_status_t rv = kuji_conn__run(&res, conn, query, args);

    if (out) {
        *out = res;
    }
    if (res) {
        apr_pool_cleanup_register(pool, res, clear_result,
                                  apr_pool_cleanup_null);
    }
    return rv;
}

int64_t kuji_pg_changed(const PGresult *res)
{
    return strtoll(PQcmdTuples((PGresult *)res), NULL, 10);
}

const char *kuji_pg_text(const PGresult *res, int row, int col)
{
    return PQgetisnull(res, row, col) ? NULL : PQgetvalue(res, row, col);
}

int64_t kuji_pg_int(const PGresult *res, int row, int col)
{
    return strtoll(PQgetvalue(res, row, col), NULL, 10);
}

int kuji_pg_bool(const PGresult *res, int row, int col)
{
    return PQgetvalue(res, row, col)[0] == 't';
}

apr_status_t kuji_pg_bytes(const unsigned char **bytes, apr_size_t *len,
                           const PGresult *res, int row, int col,
                           apr_pool_t *pool)
{
    size_t size = 0;
    unsigned char *raw;

    *bytes = NULL;
    *len = 0;
    if (PQgetisnull(res, row, col)) {
        return APR_SUCCESS;
    }
    raw = PQunescapeBytea((unsigned char *)PQgetvalue(res, row, col), &size);
    if (!raw) {
        return APR_ENOMEM;
    }
    *bytes = apr_pmemdup(pool, raw, size ? size : 1);
    *len = size;
    PQfreemem(raw);
    return APR_SUCCESS;
}
