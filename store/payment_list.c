/* Payments: what pages, the job and a reconciliation read.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/payment_int.h"

#include <apr_strings.h>

typedef struct work_t {
    const kuji_act_t *act;
    kuji_query_e query;
    kuji_args_t args;
    apr_status_t (*read)(struct work_t *w, const PGresult *res);
    apr_pool_t *out;
    const kuji_payment_row_t *rows;
    const kuji_payment_event_t *events;
    const char *const *words;
    int count;
} work_t;

static apr_status_t work(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    PGresult *res;
    apr_status_t rv = kuji_pg_query(&res, conn, w->query, &w->args, pool);

    return rv == APR_SUCCESS ? w->read(w, res) : rv;
}

static apr_status_t run(work_t *w)
{
    apr_pool_t *scratch;
    apr_status_t rv;

    apr_pool_create(&scratch, w->out);
    rv = kuji_pg_transact(w->act->pg, w->act->tenant, work, w, scratch);
    apr_pool_destroy(scratch);
    return rv;
}

static apr_status_t read_rows(work_t *w, const PGresult *res)
{
    return kuji_payment__rows(&w->rows, &w->count, res, w->out);
}

apr_status_t kuji_payment_get(const kuji_payment_row_t **row,
                              const kuji_act_t *act, const char *order_id,
                              apr_pool_t *pool)
{
    work_t w = {.act = act,
                .query = KUJI_Q_PAYMENT_GET,
                .read = read_rows,
                .out = pool};
    apr_status_t rv;

    kuji_args_init(&w.args, pool);
    kuji_args_text(&w.args, order_id);
    rv = run(&w);
    *row = w.rows;
    return rv == APR_SUCCESS && w.count != 1 ? KUJI_ENOTFOUND : rv;
}

apr_status_t kuji_payment_of(const kuji_payment_row_t **rows, int *count,
                             const kuji_act_t *act, int64_t campaign_id,
                             const unsigned char participant[KUJI_DIGEST_LEN],
                             int limit, apr_pool_t *pool)
{
    work_t w = {
        .act = act, .query = KUJI_Q_PAYMENT_OF, .read = read_rows, .out = pool};
    apr_status_t rv;

    kuji_args_init(&w.args, pool);
    kuji_args_int(&w.args, campaign_id);
    kuji_args_bytes(&w.args, participant, KUJI_DIGEST_LEN);
    kuji_args_int(&w.args, limit);
    rv = run(&w);
    *rows = w.rows;
    *count = w.count;
    return rv;
}

apr_status_t kuji_payment_list(const kuji_payment_row_t **rows, int *count,
                               const kuji_act_t *act,
                               const kuji_payment_filter_t *filter,
                               int64_t before, int limit, apr_pool_t *pool)
{
    static const kuji_payment_filter_t all = {0};
    work_t w = {.act = act,
                .query = KUJI_Q_PAYMENT_LIST,
                .read = read_rows,
                .out = pool};
    apr_status_t rv;

    filter = filter ? filter : &all;
    kuji_args_init(&w.args, pool);
    kuji_args_uuid(&w.args, act->tenant);
    kuji_args_int(&w.args, before ? before : INT64_MAX);
    kuji_args_text(&w.args, filter->slug);
    kuji_args_text(&w.args, filter->state);
    kuji_args_bool(&w.args, filter->open);
    kuji_args_int(&w.args, filter->from);
    kuji_args_int(&w.args, filter->to ? filter->to : INT64_MAX);
    kuji_args_int(&w.args, limit);
    rv = run(&w);
    *rows = w.rows;
    *count = w.count;
    return rv;
}

static apr_status_t read_events(work_t *w, const PGresult *res)
{
    int n = PQntuples(res), i;
    kuji_payment_event_t *list = apr_pcalloc(w->out, (n + 1) * sizeof(*list));

    for (i = 0; i < n; i++) {
        list[i].seq = (int)kuji_pg_int(res, i, 0);
        list[i].at = kuji_pg_int(res, i, 1);
        list[i].amount = kuji_pg_int(res, i, 2);
        list[i].captured = kuji_pg_int(res, i, 3);
        list[i].refunded = kuji_pg_int(res, i, 4);
        list[i].actor = apr_pstrdup(w->out, kuji_pg_text(res, i, 5));
        list[i].what = apr_pstrdup(w->out, kuji_pg_text(res, i, 6));
        list[i].state = apr_pstrdup(w->out, kuji_pg_text(res, i, 7));
        list[i].answer = apr_pstrdup(w->out, kuji_pg_text(res, i, 8));
        list[i].note = apr_pstrdup(w->out, kuji_pg_text(res, i, 9));
        list[i].login = PQgetisnull(res, i, 10)
                            ? NULL
                            : apr_pstrdup(w->out, kuji_pg_text(res, i, 10));
    }
    w->events = list;
    w->count = n;
    return APR_SUCCESS;
}

apr_status_t kuji_payment_events(const kuji_payment_event_t **events,
                                 int *count, const kuji_act_t *act,
                                 int64_t payment_id, apr_pool_t *pool)
{
    work_t w = {.act = act,
                .query = KUJI_Q_PAYMENT_EVENTS,
                .read = read_events,
                .out = pool};
    apr_status_t rv;

    kuji_args_init(&w.args, pool);
    kuji_args_int(&w.args, payment_id);
    rv = run(&w);
    *events = w.events;
    *count = w.count;
    return rv;
}

static apr_status_t read_words(work_t *w, const PGresult *res)
{
    int n = PQntuples(res), i;
    const char **list = apr_pcalloc(w->out, (n + 1) * sizeof(*list));

    for (i = 0; i < n; i++) {
        list[i] = apr_pstrdup(w->out, kuji_pg_text(res, i, 0));
    }
    w->words = list;
    w->count = n;
    return APR_SUCCESS;
}

apr_status_t kuji_payment_take(const char *const **order_ids, int *count,
                               const kuji_act_t *act, int limit, int64_t lease,
                               apr_pool_t *pool)
{
    work_t w = {.act = act,
                .query = KUJI_Q_PAYMENT_TAKE,
                .read = read_words,
                .out = pool};
    apr_status_t rv;

    kuji_args_init(&w.args, pool);
    kuji_args_uuid(&w.args, act->tenant);
    kuji_args_int(&w.args, limit);
    kuji_args_int(&w.args, lease);
    rv = run(&w);
    *order_ids = w.words;
    *count = w.count;
    return rv;
}

apr_status_t kuji_payment_tenants(const char *const **tenants, int *count,
                                  kuji_pg_t *pg, apr_pool_t *pool)
{
    const kuji_act_t nobody = {.pg = pg};
    work_t w = {.act = &nobody,
                .query = KUJI_Q_PAYMENT_TENANTS,
                .read = read_words,
                .out = pool};
    apr_status_t rv;

    kuji_args_init(&w.args, pool);
    rv = run(&w);
    *tenants = w.words;
    *count = w.count;
    return rv;
}
