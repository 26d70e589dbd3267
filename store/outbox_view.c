/* The outbox as the console shows it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/outbox_int.h"

#include "store/audit.h"

#include <apr_strings.h>
#include <string.h>

typedef struct list_t {
    int64_t campaign_id, skip;
    const char *state;
    int limit, count;
    kuji_outbox_row_t *rows;
    kuji_outbox_counts_t *counts;
} list_t;

static void read_row(kuji_outbox_row_t *row, const PGresult *res, int i)
{
    row->id = kuji_pg_text(res, i, 0);
    row->kind = kuji_pg_text(res, i, 1);
    row->n = kuji_pg_int(res, i, 2);
    row->state = kuji_pg_text(res, i, 3);
    row->tries = (int)kuji_pg_int(res, i, 4);
    row->created_at = kuji_pg_int(res, i, 5);
    row->ended_at = kuji_pg_int(res, i, 6);
    row->reason = PQgetisnull(res, i, 7) ? NULL : kuji_pg_text(res, i, 7);
    row->due_at = kuji_pg_int(res, i, 8);
    row->can_again = kuji_pg_bool(res, i, 9);
    row->by_line = strcmp(kuji_pg_text(res, i, 10), "line") == 0;
}

static void count_states(kuji_outbox_counts_t *counts, const PGresult *res)
{
    int i;

    memset(counts, 0, sizeof(*counts));
    for (i = 0; i < PQntuples(res); i++) {
        const char *state = kuji_pg_text(res, i, 0);
        int64_t count = kuji_pg_int(res, i, 1);

        if (strcmp(state, "sent") == 0) {
            counts->sent += count;
        }
        else if (strcmp(state, "bounced") == 0) {
            counts->bounced += count;
        }
        else if (strcmp(state, "gave_up") == 0) {
            counts->gave_up += count;
        }
        else {
            counts->queued += count;
        }
    }
}

static apr_status_t list(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    list_t *l = baton;
    kuji_args_t args;
    PGresult *res;
    int i;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, l->campaign_id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_COUNTS, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    count_states(l->counts, res);
    kuji_args_text(&args, l->state);
    kuji_args_int(&args, l->limit);
    kuji_args_int(&args, l->skip);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_LIST, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    l->count = PQntuples(res);
    l->rows = apr_palloc(pool, sizeof(*l->rows) * ((apr_size_t)l->count + 1));
    for (i = 0; i < l->count; i++) {
        read_row(&l->rows[i], res, i);
    }
    return APR_SUCCESS;
}

apr_status_t kuji_outbox_list(const kuji_outbox_row_t **rows, int *count,
                              kuji_outbox_counts_t *counts,
                              const kuji_act_t *act, int64_t campaign_id,
                              const char *state, int limit, int64_t skip,
                              apr_pool_t *pool)
{
    list_t l = {.campaign_id = campaign_id,
                .skip = skip,
                .state = state,
                .limit = limit,
                .counts = counts};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, list, &l, pool);

    *rows = l.rows;
    *count = l.count;
    return rv;
}

typedef struct sums_t {
    const kuji_act_t *act;
    PGresult *rows, *friends;
} sums_t;

static apr_status_t read_sums(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    sums_t *s = baton;
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, s->act->tenant);
    rv = kuji_pg_query(&s->friends, conn, KUJI_Q_LINE_FRIENDS_COUNT, &args,
                       pool);
    kuji_args_int(&args, KUJI_OUTBOX_SUM_DAYS * INT64_C(86400000));
    return rv == APR_SUCCESS
               ? kuji_pg_query(&s->rows, conn, KUJI_Q_OUTBOX_SUMS, &args, pool)
               : rv;
}

apr_status_t kuji_outbox_sums(const kuji_outbox_sum_t **sums, int *count,
                              kuji_outbox_counts_t *counts, int64_t *friends,
                              int64_t *left, const kuji_act_t *act,
                              apr_pool_t *pool)
{
    sums_t s = {.act = act};
    kuji_outbox_sum_t *list;
    apr_status_t rv =
        kuji_pg_transact(act->pg, act->tenant, read_sums, &s, pool);
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    *friends = kuji_pg_int(s.friends, 0, 0);
    *left = kuji_pg_int(s.friends, 0, 1);
    count_states(counts, s.rows);
    *count = PQntuples(s.rows);
    *sums = list = apr_palloc(pool, sizeof(*list) * ((apr_size_t)*count + 1));
    for (i = 0; i < *count; i++) {
        list[i].state = kuji_pg_text(s.rows, i, 0);
        list[i].count = kuji_pg_int(s.rows, i, 1);
        list[i].reason =
            PQgetisnull(s.rows, i, 2) ? NULL : kuji_pg_text(s.rows, i, 2);
    }
    return APR_SUCCESS;
}

typedef struct again_t {
    const kuji_act_t *act;
    const char **why, *uuid, *id;
    int64_t campaign_id;
    const kuji_outbox_letter_t *letter;
} again_t;

static const char *object_of(const again_t *a, apr_pool_t *pool)
{
    return apr_pstrcat(pool, "campaign:", a->uuid, NULL);
}

static apr_status_t again(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const again_t *a = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, a->campaign_id);
    kuji_args_uuid(&args, a->id);
    kuji_args_int(&args, KUJI_MAIL_WEEK_MS);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_AGAIN, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *a->why = "there is no mail that could be sent again";
        return KUJI_ENOTFOUND;
    }
    return kuji_audit_add(a->act, conn, "mail.again", object_of(a, pool),
                          json_pack("{s:s, s:I}", "kind",
                                    kuji_pg_text(res, 0, 0), "n",
                                    (json_int_t)kuji_pg_int(res, 0, 1)),
                          pool);
}

apr_status_t kuji_outbox_again(const char **why, const kuji_act_t *act,
                               int64_t campaign_id, const char *uuid,
                               const char *id, apr_pool_t *pool)
{
    again_t a = {act, why, uuid, id, campaign_id, NULL};

    return kuji_pg_transact(act->pg, act->tenant, again, &a, pool);
}

static apr_status_t test(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const again_t *a = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, a->letter->campaign_id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_TESTS, &args, pool);
    if (rv == APR_SUCCESS && kuji_pg_int(res, 0, 0) >= KUJI_OUTBOX_TESTS_MAX) {
        *a->why = "too many test mails in this hour";
        return KUJI_ETOOBIG;
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_outbox_add(a->act, conn, a->letter, pool);
    }
    return rv == APR_SUCCESS ? kuji_audit_add(a->act, conn, "mail.test",
                                              object_of(a, pool), NULL, pool)
                             : rv;
}

apr_status_t kuji_outbox_test(const char **why, const kuji_act_t *act,
                              const char *uuid,
                              const kuji_outbox_letter_t *letter,
                              apr_pool_t *pool)
{
    again_t a = {act, why, uuid, NULL, letter->campaign_id, letter};

    return kuji_pg_transact(act->pg, act->tenant, test, &a, pool);
}
