/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tally.h"

#include <apr_strings.h>
#include <string.h>

/** Leaves whose texts are searched, and read, at a time. */
#define COLD_PAGE 100000
#define PAGE 5000

struct kuji_tally_t {
    const kuji_act_t *act;
    const char *slug;
    const int *stop;
    apr_pool_t *pool, *page_pool;
    int64_t id;
    kuji_replay_t *replay;
    int64_t next, to; /* leaves: read, to be read */
    int64_t cold;     /* searched for voids */
    const char **why;
};

static apr_status_t find(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_tally_t *t = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, t->act->tenant);
    kuji_args_text(&args, t->slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_TALLY_CAMPAIGN, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *t->why = "there is no such campaign";
        return KUJI_ENOTFOUND;
    }
    if (!kuji_pg_text(res, 0, 1)) {
        *t->why = "the campaign is a draft";
        return KUJI_ESTATE;
    }
    t->id = kuji_pg_int(res, 0, 0);
    return kuji_replay_make(&t->replay, t->why, PQgetvalue(res, 0, 1),
                            (apr_size_t)PQgetlength(res, 0, 1), t->pool);
}

static apr_status_t find_size(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_tally_t *t = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, t->id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_TALLY_SIZE, &args, pool);
    if (rv == APR_SUCCESS) {
        t->to = PQntuples(res) == 1 ? kuji_pg_int(res, 0, 0) : t->to;
    }
    return rv;
}

static apr_status_t page(PGresult **res, kuji_query_e query, int64_t id,
                         int64_t from, int64_t to, kuji_conn_t *conn,
                         apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, id);
    kuji_args_int(&args, from);
    kuji_args_int(&args, to);
    return kuji_pg_query(res, conn, query, &args, pool);
}

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static apr_status_t search_page(void *baton, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    kuji_tally_t *t = baton;
    int64_t end = lesser(t->cold + COLD_PAGE, t->to);
    PGresult *res;
    int i;
    apr_status_t rv =
        page(&res, KUJI_Q_TALLY_COLD, t->id, t->cold, end, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (i = 0; i < PQntuples(res); i++) {
        kuji_replay_preview(t->replay, PQgetvalue(res, i, 0),
                            (apr_size_t)PQgetlength(res, i, 0));
    }
    t->cold = end;
    return APR_SUCCESS;
}

static apr_status_t differs(kuji_tally_t *t)
{
    const kuji_replay_report_t *report = kuji_replay_report(t->replay);

    *t->why = apr_psprintf(t->pool, "leaf %" APR_UINT64_T_FMT " %s",
                           (apr_uint64_t)report->at,
                           report->why ? report->why : "cannot be read");
    return KUJI_EVERIFY;
}

static apr_status_t read_page(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_tally_t *t = baton;
    PGresult *res;
    int i;
    apr_status_t rv = page(&res, KUJI_Q_TALLY_PAGE, t->id, t->next,
                           lesser(t->next + PAGE, t->to), conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) == 0) {
        *t->why = apr_psprintf(t->pool, "leaf %" APR_INT64_T_FMT " is missing",
                               (apr_int64_t)t->next);
        return KUJI_EVERIFY;
    }
    for (i = 0; i < PQntuples(res); i++) {
        if (kuji_replay_leaf(t->replay, PQgetvalue(res, i, 0),
                             (apr_size_t)PQgetlength(res, i, 0))) {
            return differs(t);
        }
        t->next++;
    }
    return APR_SUCCESS;
}

static apr_status_t transact(kuji_tally_t *t, kuji_pg_work_fn *work)
{
    apr_status_t rv;

    if (t->stop && __atomic_load_n(t->stop, __ATOMIC_ACQUIRE)) {
        return KUJI_EBUSY;
    }
    rv = kuji_pg_transact(t->act->pg, t->act->tenant, work, t, t->page_pool);
    apr_pool_clear(t->page_pool);
    return rv;
}

apr_status_t kuji_tally_read(kuji_tally_t **tally, const char **why,
                             const kuji_act_t *act, const char *slug,
                             const int *stop, apr_pool_t *pool)
{
    kuji_tally_t *t = apr_pcalloc(pool, sizeof(*t));
    apr_status_t rv;

    t->act = act;
    t->slug = slug;
    t->stop = stop;
    t->pool = pool;
    t->why = why;
    rv = apr_pool_create(&t->page_pool, pool);
    if (rv == APR_SUCCESS) {
        rv = transact(t, find);
    }
    if (rv == APR_SUCCESS) {
        rv = transact(t, find_size);
    }
    while (rv == APR_SUCCESS && t->cold < t->to) {
        rv = transact(t, search_page);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_replay_start(t->replay);
    }
    while (rv == APR_SUCCESS && t->next < t->to) {
        rv = transact(t, read_page);
    }
    *tally = t;
    return rv;
}

/* A void that the first reading did not see makes the second one wrong. */
static apr_status_t search_rest(kuji_tally_t *t, kuji_append_t *a)
{
    kuji_leaf_t leaf;
    PGresult *res;
    int i;
    apr_status_t rv =
        page(&res, KUJI_Q_TALLY_COLD, t->id, t->cold, t->to, a->conn, a->pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (i = 0; i < PQntuples(res); i++) {
        const char *why = NULL;

        if (kuji_ledger_read(&leaf, &why, PQgetvalue(res, i, 0),
                             (apr_size_t)PQgetlength(res, i, 0), a->pool) ||
            leaf.kind == KUJI_LEAF_VOID) {
            return KUJI_EBUSY;
        }
    }
    return APR_SUCCESS;
}

static int prize_fits(const kuji_stock_t *counted, int64_t declared,
                      const kuji_append_prize_t *stored)
{
    return stored->declared == declared && stored->added == counted->added &&
           stored->left == counted->left &&
           stored->awarded == counted->awarded &&
           counted->awarded + counted->left == declared + counted->added;
}

static apr_status_t compare_prizes(kuji_tally_t *t, kuji_append_t *a)
{
    const kuji_replay_report_t *report = kuji_replay_report(t->replay);
    const kuji_manifest_t *m = report->manifest;
    const kuji_append_prize_t *stored;
    int i, count;
    apr_status_t rv = kuji_append_prizes(&stored, &count, a);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (i = 0; i < m->nprizes; i++) {
        if (count != m->nprizes ||
            !prize_fits(&report->state->stock[i], m->prizes[i].units,
                        &stored[i])) {
            *t->why = apr_psprintf(
                t->pool, "the ledger and the stock of prize %s differ",
                m->prizes[i].code);
            return KUJI_EVERIFY;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t compare_campaign(kuji_tally_t *t, kuji_append_t *a)
{
    const kuji_replay_report_t *report = kuji_replay_report(t->replay);
    unsigned char counted[KUJI_HASH_LEN], stored[KUJI_HASH_LEN];

    kuji_tree_root(report->tree, counted);
    kuji_tree_root(&a->tree, stored);
    if (report->tree->size != a->tree.size ||
        memcmp(counted, stored, sizeof(counted)) != 0) {
        *t->why = "the ledger and its tree differ";
        return KUJI_EVERIFY;
    }
    if (report->draws != (uint64_t)(a->next_n - 1)) {
        *t->why = "the ledger and the number of draws differ";
        return KUJI_EVERIFY;
    }
    if (report->manifest->method == KUJI_BOX &&
        report->state->blanks_left != a->blanks_left) {
        *t->why = "the ledger and the number of blanks left differ";
        return KUJI_EVERIFY;
    }
    return APR_SUCCESS;
}

apr_status_t kuji_tally_finish(kuji_tally_t *t, const char **why,
                               kuji_append_t *a)
{
    apr_status_t rv;

    t->why = why;
    t->to = (int64_t)a->tree.size;
    rv = search_rest(t, a);
    while (rv == APR_SUCCESS && t->next < t->to) {
        rv = read_page(t, a->conn, a->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = compare_campaign(t, a);
    }
    return rv == APR_SUCCESS ? compare_prizes(t, a) : rv;
}

const kuji_replay_report_t *kuji_tally_report(const kuji_tally_t *tally)
{
    return kuji_replay_report(tally->replay);
}
