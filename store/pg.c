/* The pool of connections: a list of slots with a limit on the wait; a slot is
 * connected by the thread that got it, outside the list's lock, so that one
 * slow connect holds up nobody else. Nothing trusts an idle connection: it is
 * looked at before use, and whatever comes back not idle and healthy is
 * closed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/pg_int.h"

#include <apr_strings.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void kuji_pg__log(kuji_pg_t *pg, int level, apr_status_t rv, const char *format,
                  ...)
{
    char line[512];
    va_list ap;

    if (!pg->config.log) {
        return;
    }
    va_start(ap, format);
    vsnprintf(line, sizeof(line), format, ap);
    va_end(ap);
    line[strcspn(line, "\n")] = '\0';
    pg->config.log(pg->config.log_baton, level, rv, line);
}

/* apr_dbd installs receivers that drop everything; a WARNING at COMMIT is the
 * only word of a synchronous replication wait that was cancelled. */
static void on_notice(void *baton, const PGresult *res)
{
    kuji_conn_t *conn = baton;
    const char *severity =
        PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);

    if (severity && strcmp(severity, "WARNING") == 0) {
        const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

        conn->warned = 1;
        kuji_pg__log(conn->pg, KUJI_LOG_WARNING, 0, "PostgreSQL warns: %s",
                     text ? text : "");
    }
}

static apr_status_t slot_create(void **resource, void *params, apr_pool_t *p)
{
    kuji_conn_t *conn = calloc(1, sizeof(*conn));

    if (!conn) {
        return APR_ENOMEM;
    }
    conn->pg = params;
    *resource = conn;
    return APR_SUCCESS;
}

static apr_status_t slot_destroy(void *resource, void *params, apr_pool_t *p)
{
    kuji_conn__close(resource);
    free(resource);
    return APR_SUCCESS;
}

void kuji_conn__close(kuji_conn_t *conn)
{
    if (conn->native) {
        apr_dbd_close(conn->pg->driver, conn->handle);
        conn->native = NULL;
        conn->handle = NULL;
    }
    if (conn->pool) {
        apr_pool_destroy(conn->pool);
        conn->pool = NULL;
    }
    memset(conn->prepared, 0, sizeof(conn->prepared));
}

static apr_status_t open_failed(kuji_conn_t *conn, const char *why)
{
    kuji_pg_t *pg = conn->pg;

    apr_time_t now = apr_time_now();

    __atomic_store_n(&pg->retry_at, now + KUJI_PG_BREAKER, __ATOMIC_RELAXED);
    __atomic_fetch_add(&pg->connect_errors, 1, __ATOMIC_RELAXED);
    /* A database that is away would fill the log. */
    if (now - __atomic_load_n(&pg->said_at, __ATOMIC_RELAXED) >
        KUJI_PG_SAY_AGAIN) {
        __atomic_store_n(&pg->said_at, now, __ATOMIC_RELAXED);
        kuji_pg__log(pg, KUJI_LOG_ERR, KUJI_EBUSY, "cannot connect: %s",
                     why ? why : "no reason given");
    }
    kuji_conn__close(conn);
    return KUJI_EBUSY;
}

apr_status_t kuji_conn__open(kuji_conn_t *conn)
{
    kuji_pg_t *pg = conn->pg;
    apr_interval_time_t pause =
        __atomic_load_n(&pg->retry_at, __ATOMIC_RELAXED) - apr_time_now();
    const char *why = NULL;

    if (pause > 0) {
        apr_sleep(pause);
    }
    /* Without a parent: pools of one parent are not for many threads. */
    if (apr_pool_create_unmanaged_ex(&conn->pool, NULL, NULL)) {
        return APR_ENOMEM;
    }
    if (apr_dbd_open_ex(pg->driver, conn->pool, pg->conninfo, &conn->handle,
                        &why) != APR_SUCCESS) {
        return open_failed(conn, why);
    }
    conn->native = apr_dbd_native_handle(pg->driver, conn->handle);
    PQsetNoticeReceiver(conn->native, on_notice, conn);
    if (PQsetnonblocking(conn->native, 1) != 0) {
        return open_failed(conn, "non-blocking mode refused");
    }
    __atomic_fetch_add(&pg->connects, 1, __ATOMIC_RELAXED);
    return APR_SUCCESS;
}

/* An idle connection has nothing to say; what it says is that it is gone. */
static int is_alive(kuji_conn_t *conn)
{
    struct pollfd pfd = {PQsocket(conn->native), POLLIN, 0};

    if (poll(&pfd, 1, 0) > 0) {
        PQconsumeInput(conn->native);
    }
    return PQstatus(conn->native) == CONNECTION_OK;
}

/* A slot, with or without a connection. Only so many threads may wait for
 * one: the others are needed for what asks no database. */
static apr_status_t take_slot(kuji_conn_t **conn, kuji_pg_t *pg)
{
    uint32_t waiting = __atomic_add_fetch(&pg->waiting, 1, __ATOMIC_RELAXED);
    void *resource = NULL;
    apr_status_t rv = KUJI_EBUSY;

    if (pg->config.waiters <= 0 || waiting <= (uint32_t)pg->config.waiters) {
        rv = apr_reslist_acquire(pg->slots, &resource);
    }
    __atomic_sub_fetch(&pg->waiting, 1, __ATOMIC_RELAXED);
    *conn = resource;
    return rv == APR_SUCCESS ? rv : KUJI_EBUSY;
}

apr_status_t kuji_pg_acquire(kuji_conn_t **out, kuji_pg_t *pg)
{
    kuji_conn_t *conn;
    apr_status_t rv = take_slot(&conn, pg);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    conn->deadline = 0;
    conn->warned = 0;
    if (conn->native && !is_alive(conn)) {
        kuji_conn__close(conn);
    }
    conn->used_before = conn->native != NULL;
    if (!conn->native) {
        rv = kuji_conn__open(conn);
        if (rv != APR_SUCCESS) {
            apr_reslist_release(pg->slots, conn);
            return rv;
        }
    }
    __atomic_fetch_add(&pg->in_use, 1, __ATOMIC_RELAXED);
    *out = conn;
    return APR_SUCCESS;
}

void kuji_pg_release(kuji_conn_t *conn)
{
    kuji_pg_t *pg = conn->pg;

    if (conn->native && (PQstatus(conn->native) != CONNECTION_OK ||
                         PQtransactionStatus(conn->native) != PQTRANS_IDLE ||
                         PQpipelineStatus(conn->native) != PQ_PIPELINE_OFF)) {
        kuji_conn__close(conn);
    }
    __atomic_fetch_sub(&pg->in_use, 1, __ATOMIC_RELAXED);
    apr_reslist_release(pg->slots, conn);
}

PGconn *kuji_conn_native(kuji_conn_t *conn)
{
    return conn->native;
}

/* Quotes a value for a conninfo string. */
static const char *quoted(const char *value, apr_pool_t *p)
{
    char *out = apr_palloc(p, 2 * strlen(value) + 3), *o = out;

    *o++ = '\'';
    for (; *value; value++) {
        if (*value == '\'' || *value == '\\') {
            *o++ = '\\';
        }
        *o++ = *value;
    }
    *o++ = '\'';
    *o = '\0';
    return out;
}

static const struct {
    const char *keyword, *value;
} defaults[] = {
    {"connect_timeout", "2"},
    {"keepalives_idle", "15"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
    {"application_name", "kuji"},
    {"client_encoding", "UTF8"},
    {"target_session_attrs", "read-write"},
    {NULL, NULL},
};

/* Server settings that the code relies on; what the operator gives in
 * `options` comes after and wins. A generic plan keeps the look-ups by array
 * on their index, also on a table never analysed (reference: design.md 4). */
#define SERVER_OPTIONS                                                         \
    "-c statement_timeout=4000 -c lock_timeout=2000 "                          \
    "-c idle_in_transaction_session_timeout=8000 "                             \
    "-c plan_cache_mode=force_generic_plan -c client_min_messages=warning "    \
    "-c client_connection_check_interval=2000 -c jit=off "                     \
    "-c timezone=UTC"

/* Our defaults, then what the directive says; NULL if it does not parse. */
static const char *fill_in(const char *conninfo, const char **why,
                           apr_pool_t *p)
{
    char *message = NULL;
    PQconninfoOption *given = PQconninfoParse(conninfo, &message), *o;
    const char *out = "", *options = "";
    int i;

    if (!given) {
        *why = apr_pstrdup(p, message ? message : "out of memory");
        PQfreemem(message);
        return NULL;
    }
    for (i = 0; defaults[i].keyword; i++) {
        out = apr_pstrcat(p, out, defaults[i].keyword, "=", defaults[i].value,
                          " ", NULL);
    }
    for (o = given; o->keyword; o++) {
        if (o->val && strcmp(o->keyword, "options") == 0) {
            options = apr_pstrdup(p, o->val);
        }
        else if (o->val) {
            out = apr_pstrcat(p, out, o->keyword, "=", quoted(o->val, p), " ",
                              NULL);
        }
    }
    PQconninfoFree(given);
    options = apr_pstrcat(p, SERVER_OPTIONS, " ", options, NULL);
    return apr_pstrcat(p, out, "options=", quoted(options, p), NULL);
}

apr_status_t kuji_pg_create(kuji_pg_t **out, const kuji_pg_config_t *config,
                            apr_pool_t *p)
{
    kuji_pg_t *pg = apr_pcalloc(p, sizeof(*pg));
    const char *why = NULL;
    apr_status_t rv;

    pg->config = *config;
    pg->conninfo = fill_in(config->conninfo, &why, p);
    if (!pg->conninfo) {
        kuji_pg__log(pg, KUJI_LOG_ERR, KUJI_EINVAL, "conninfo: %s", why);
        return KUJI_EINVAL;
    }
    rv = apr_dbd_get_driver(p, "pgsql", &pg->driver);
    if (rv != APR_SUCCESS) {
        kuji_pg__log(pg, KUJI_LOG_ERR, rv,
                     "APR DBD has no pgsql driver (libaprutil1-dbd-pgsql)");
        return rv;
    }
    rv = apr_reslist_create(&pg->slots, config->min, config->keep, config->max,
                            0, slot_create, slot_destroy, pg, p);
    if (rv == APR_SUCCESS) {
        apr_reslist_timeout_set(pg->slots, config->wait);
        *out = pg;
    }
    return rv;
}

void kuji_pg_counters(kuji_pg_counters_t *out, kuji_pg_t *pg)
{
    out->connects = __atomic_load_n(&pg->connects, __ATOMIC_RELAXED);
    out->connect_errors =
        __atomic_load_n(&pg->connect_errors, __ATOMIC_RELAXED);
    out->statement_errors =
        __atomic_load_n(&pg->statement_errors, __ATOMIC_RELAXED);
    out->unknown_commits =
        __atomic_load_n(&pg->unknown_commits, __ATOMIC_RELAXED);
    out->in_use = __atomic_load_n(&pg->in_use, __ATOMIC_RELAXED);
}
