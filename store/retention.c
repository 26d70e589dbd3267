/* SPDX-License-Identifier: Apache-2.0 */
#include "store/retention.h"

#include "core/seal.h"
#include "store/audit.h"
#include "store/outbox.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <string.h>

/** Draws, and participants, of one transaction. */
#define SPAN 20000

typedef struct keep_t {
    const kuji_act_t *act;
    const int *stop;
    kuji_retention_t *done;
    PGresult *due;
    /* the campaign at hand */
    int64_t id, next_n, days;
    const char *uuid;
    int64_t n;                           /* its draws below are done */
    unsigned char last[KUJI_DIGEST_LEN]; /* of the participants done */
    apr_size_t last_len;
    int more;
    int64_t draws, claims;
} keep_t;

static apr_status_t transact(keep_t *k, kuji_pg_work_fn *work, apr_pool_t *pool)
{
    if (k->stop && __atomic_load_n(k->stop, __ATOMIC_ACQUIRE)) {
        return KUJI_EBUSY;
    }
    return kuji_pg_transact(k->act->pg, k->act->tenant, work, k, pool);
}

static apr_status_t read_due(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    keep_t *k = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, k->act->tenant);
    return kuji_pg_query(&k->due, conn, KUJI_Q_RETENTION_DUE, &args, pool);
}

static apr_status_t erase_span(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    keep_t *k = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, k->id);
    kuji_args_int(&args, k->n);
    kuji_args_int(&args, k->n + SPAN);
    kuji_args_uuid(&args, k->act->tenant);
    return kuji_pg_query(NULL, conn, KUJI_Q_RETENTION_SPAN, &args, pool);
}

static apr_status_t erase_people(void *baton, kuji_conn_t *conn,
                                 apr_pool_t *pool)
{
    keep_t *k = baton;
    const unsigned char *last;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, k->id);
    kuji_args_bytes(&args, k->last, k->last_len);
    kuji_args_int(&args, SPAN);
    rv = kuji_pg_query(&res, conn, KUJI_Q_RETENTION_PEOPLE, &args, pool);
    k->more = rv == APR_SUCCESS && !PQgetisnull(res, 0, 0);
    if (!k->more) {
        return rv;
    }
    rv = kuji_pg_bytes(&last, &k->last_len, res, 0, 0, pool);
    if (rv == APR_SUCCESS && k->last_len <= sizeof(k->last)) {
        memcpy(k->last, last, k->last_len);
    }
    return rv;
}

/* A campaign without a draw has no sums. */
static apr_status_t take_sums(keep_t *k, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, k->id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_RETENTION_SUMS, &args, pool);
    k->draws = k->claims = 0;
    if (rv == APR_SUCCESS && PQntuples(res) == 1) {
        k->draws = kuji_pg_int(res, 0, 0);
        k->claims = kuji_pg_int(res, 0, 1);
    }
    return rv;
}

static apr_status_t write_receipt(void *baton, kuji_conn_t *conn,
                                  apr_pool_t *pool)
{
    keep_t *k = baton;
    const char *id = kuji_uuid_make(pool);
    kuji_args_t args;
    apr_status_t rv = take_sums(k, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, k->id);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_RETENTION_LINKS, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, id);
    kuji_args_int(&args, k->id);
    kuji_args_uuid(&args, k->act->tenant);
    kuji_args_text(&args, "retention");
    kuji_args_int(&args, k->draws);
    kuji_args_int(&args, k->claims);
    kuji_args_bytes(&args, NULL, 0);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_PERSON_ERASURE, &args, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_outbox_forget_all(conn, k->id, pool);
    }
    return rv == APR_SUCCESS
               ? kuji_audit_add(k->act, conn, "retention.erase",
                                apr_pstrcat(pool, "campaign:", k->uuid, NULL),
                                json_pack("{s:s, s:I, s:I, s:I}", "receipt", id,
                                          "days", (json_int_t)k->days, "draws",
                                          (json_int_t)k->draws, "claims",
                                          (json_int_t)k->claims),
                                pool)
               : rv;
}

static apr_status_t erase_campaign(keep_t *k, apr_pool_t *pool)
{
    apr_status_t rv = APR_SUCCESS;

    for (; rv == APR_SUCCESS && k->n < k->next_n; k->n += SPAN) {
        rv = transact(k, erase_span, pool);
        apr_pool_clear(pool);
    }
    k->last_len = 0;
    for (k->more = 1; rv == APR_SUCCESS && k->more;) {
        rv = transact(k, erase_people, pool);
        apr_pool_clear(pool);
    }
    if (rv == APR_SUCCESS) {
        rv = transact(k, write_receipt, pool);
    }
    if (rv == APR_SUCCESS) {
        k->done->campaigns++;
        k->done->draws += k->draws;
        k->done->claims += k->claims;
    }
    return rv;
}

static apr_status_t bury(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    keep_t *k = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, k->act->tenant);
    rv = kuji_pg_query(&res, conn, KUJI_Q_RETENTION_TOMBSTONES, &args, pool);
    k->more = rv == APR_SUCCESS && kuji_pg_changed(res) > 0;
    return rv;
}

apr_status_t kuji_retention_run(kuji_retention_t *done, const kuji_act_t *act,
                                const int *stop, apr_pool_t *pool)
{
    keep_t k = {.act = act, .stop = stop, .done = done};
    apr_pool_t *one;
    int i;
    apr_status_t rv = apr_pool_create(&one, pool);

    memset(done, 0, sizeof(*done));
    if (rv == APR_SUCCESS) {
        rv = transact(&k, read_due, pool);
    }
    for (i = 0; rv == APR_SUCCESS && i < PQntuples(k.due); i++) {
        k.id = kuji_pg_int(k.due, i, 0);
        k.uuid = kuji_pg_text(k.due, i, 1);
        k.next_n = kuji_pg_int(k.due, i, 2);
        k.days = kuji_pg_int(k.due, i, 3);
        k.n = kuji_pg_int(k.due, i, 4);
        rv = erase_campaign(&k, one);
    }
    for (k.more = 1; rv == APR_SUCCESS && k.more;) {
        rv = transact(&k, bury, one);
        apr_pool_clear(one);
    }
    return rv;
}
