/* Reading draws back: first their numbers, then their rows.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/draw.h"

#include <string.h>

typedef struct read_t {
    const kuji_act_t *act;
    int64_t campaign_id;
    uint64_t n; /* or below which */
    const unsigned char *participant;
    int limit;
    kuji_draw_row_t *rows;
    int count;
} read_t;

static apr_status_t read_bytes(unsigned char *out, apr_size_t len, int *there,
                               const PGresult *res, int row, int col,
                               apr_pool_t *pool)
{
    const unsigned char *bytes;
    apr_size_t got;
    apr_status_t rv;

    if (PQgetisnull(res, row, col)) {
        return APR_SUCCESS;
    }
    rv = kuji_pg_bytes(&bytes, &got, res, row, col, pool);
    if (rv == APR_SUCCESS && got != len) {
        rv = KUJI_EDATABASE;
    }
    if (rv == APR_SUCCESS) {
        memcpy(out, bytes, len);
        *there = 1;
    }
    return rv;
}

static apr_status_t read_leaf(kuji_draw_row_t *row, apr_pool_t *pool)
{
    kuji_leaf_t *leaf = apr_pcalloc(pool, sizeof *leaf);
    const char *why;

    row->read = leaf;
    row->leaf_len = strlen(row->leaf);
    return kuji_ledger_read(leaf, &why, row->leaf, row->leaf_len, pool);
}

static apr_status_t read_row(kuji_draw_row_t *row, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    apr_status_t rv;

    row->n = (uint64_t)kuji_pg_int(res, i, 0);
    row->i = (uint64_t)kuji_pg_int(res, i, 1);
    row->first_n = (uint64_t)kuji_pg_int(res, i, 2);
    row->count = (int)kuji_pg_int(res, i, 3);
    row->leaf = kuji_pg_text(res, i, 4);
    row->claim = kuji_pg_text(res, i, 7);
    row->won = kuji_pg_text(res, i, 8);
    row->is_void = kuji_pg_bool(res, i, 9);
    row->prev_n = (uint64_t)kuji_pg_int(res, i, 10);
    row->claimed_at = kuji_pg_int(res, i, 11);
    rv = read_bytes(row->participant, sizeof row->participant,
                    &row->has_participant, res, i, 5, pool);
    if (rv == APR_SUCCESS) {
        rv = read_bytes(row->salt, sizeof row->salt, &row->has_salt, res, i, 6,
                        pool);
    }
    return rv == APR_SUCCESS ? read_leaf(row, pool) : rv;
}

static apr_status_t read_rows(read_t *w, kuji_conn_t *conn,
                              const int64_t *numbers, int count,
                              apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    w->count = 0;
    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->campaign_id);
    kuji_args_int_array(&args, numbers, count);
    rv = kuji_pg_query(&res, conn, KUJI_Q_DRAW_ROWS, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    w->rows = apr_pcalloc(pool, sizeof *w->rows * ((apr_size_t)count + 1));
    for (i = 0; i < PQntuples(res) && rv == APR_SUCCESS; i++) {
        rv = read_row(&w->rows[i], res, i, pool);
        w->count++;
    }
    return rv;
}

/* Runs a query that tells numbers, then reads their rows. */
static apr_status_t by_numbers(read_t *w, kuji_conn_t *conn, kuji_query_e query,
                               const kuji_args_t *args, apr_pool_t *pool)
{
    int64_t *numbers;
    PGresult *res;
    apr_status_t rv;
    int count, i;

    rv = kuji_pg_query(&res, conn, query, args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    count = PQntuples(res);
    numbers = apr_palloc(pool, sizeof *numbers * ((apr_size_t)count + 1));
    for (i = 0; i < count; i++) {
        numbers[i] = kuji_pg_int(res, i, 0);
    }
    return count ? read_rows(w, conn, numbers, count, pool) : APR_SUCCESS;
}

static apr_status_t work_get(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    read_t *w = baton;
    int64_t n = (int64_t)w->n;

    return read_rows(w, conn, &n, 1, pool);
}

static apr_status_t work_request(void *baton, kuji_conn_t *conn,
                                 apr_pool_t *pool)
{
    read_t *w = baton;
    kuji_args_t args;

    w->count = 0;
    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->campaign_id);
    kuji_args_int(&args, (int64_t)w->n);
    return by_numbers(w, conn, KUJI_Q_DRAW_REQUEST, &args, pool);
}

static apr_status_t work_mine(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    read_t *w = baton;
    kuji_args_t args;

    w->count = 0;
    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->campaign_id);
    kuji_args_bytes(&args, w->participant, 16);
    kuji_args_int(&args, (int64_t)w->n);
    kuji_args_int(&args, w->limit);
    return by_numbers(w, conn, KUJI_Q_DRAW_MINE, &args, pool);
}

apr_status_t kuji_draw_get(const kuji_draw_row_t **draw, const kuji_act_t *act,
                           int64_t campaign_id, uint64_t n, apr_pool_t *pool)
{
    read_t w = {.act = act, .campaign_id = campaign_id, .n = n};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, work_get, &w, pool);

    *draw = w.rows;
    return rv == APR_SUCCESS && w.count == 0 ? KUJI_ENOTFOUND : rv;
}

typedef struct by_key_t {
    int64_t campaign_id;
    const unsigned char *key, *body;
    uint64_t n;
} by_key_t;

static apr_status_t work_key(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    by_key_t *w = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->campaign_id);
    kuji_args_bytes(&args, w->key, 16);
    kuji_args_bytes(&args, w->body, 16);
    rv = kuji_pg_query(&res, conn, KUJI_Q_DRAW_BY_KEY, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        rv = KUJI_ENOTFOUND;
    }
    w->n = rv == APR_SUCCESS ? (uint64_t)kuji_pg_int(res, 0, 0) : 0;
    return rv;
}

apr_status_t kuji_draw_by_key(uint64_t *n, const kuji_act_t *act,
                              int64_t campaign_id, const unsigned char key[16],
                              const unsigned char body[16], apr_pool_t *pool)
{
    by_key_t w = {campaign_id, key, body, 0};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, work_key, &w, pool);

    *n = w.n;
    return rv;
}

apr_status_t kuji_draw_request(const kuji_draw_row_t **draws, int *count,
                               const kuji_act_t *act, int64_t campaign_id,
                               uint64_t first_n, apr_pool_t *pool)
{
    read_t w = {.act = act, .campaign_id = campaign_id, .n = first_n};
    apr_status_t rv =
        kuji_pg_show(act->pg, act->tenant, work_request, &w, pool);

    *draws = w.rows;
    *count = w.count;
    return rv;
}

apr_status_t kuji_draw_mine(const kuji_draw_row_t **draws, int *count,
                            const kuji_act_t *act, int64_t campaign_id,
                            const unsigned char participant[16],
                            uint64_t before, int limit, apr_pool_t *pool)
{
    read_t w = {.act = act,
                .campaign_id = campaign_id,
                .n = before,
                .participant = participant,
                .limit = limit};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, work_mine, &w, pool);

    *draws = w.rows;
    *count = w.count;
    return rv;
}
