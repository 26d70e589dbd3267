/* SPDX-License-Identifier: Apache-2.0 */
#include "store/figures.h"

#include "store/mark.h"
#include "store/traffic.h"

#include <string.h>

#define RECENT_MS (24 * 60 * 60 * INT64_C(1000))

typedef struct read_t {
    kuji_figures_t *f;
    kuji_figures_by_e by;
    int spans;
} read_t;

static apr_status_t ask(PGresult **res, const kuji_figures_t *f,
                        kuji_query_e query, const int64_t *more,
                        kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, f->view->id);
    if (more) {
        kuji_args_int(&args, *more);
    }
    return kuji_pg_query(res, conn, query, &args, pool);
}

static apr_status_t read_spans(read_t *r, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_query_e query = r->by == KUJI_FIGURES_BY_DAY ? KUJI_Q_FIGURES_DAYS
                                                      : KUJI_Q_FIGURES_HOURS;
    int64_t most = r->spans;
    kuji_figures_span_t *spans;
    PGresult *res;
    apr_status_t rv = ask(&res, r->f, query, &most, conn, pool);
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    r->f->nspans = PQntuples(res);
    spans = apr_palloc(pool, sizeof(*spans) * ((apr_size_t)r->f->nspans + 1));
    for (i = 0; i < r->f->nspans; i++) {
        spans[i].from = kuji_pg_int(res, i, 0);
        spans[i].draws = kuji_pg_int(res, i, 1);
        spans[i].wins = kuji_pg_int(res, i, 2);
        spans[i].visits = kuji_pg_int(res, i, 3);
        spans[i].refused = kuji_pg_int(res, i, 4);
    }
    r->f->spans = spans;
    return APR_SUCCESS;
}

/* Refused by what comes after the gates. */
static int was_inside(const char *refusal)
{
    return strcmp(refusal, kuji_traffic_refusals[KUJI_REFUSED_LIMIT]) == 0 ||
           strcmp(refusal, kuji_traffic_refusals[KUJI_REFUSED_SOLD_OUT]) == 0;
}

static apr_status_t read_traffic(read_t *r, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_figures_t *f = r->f;
    kuji_figures_count_t *list;
    PGresult *res;
    apr_status_t rv = ask(&res, f, KUJI_Q_FIGURES_TRAFFIC, NULL, conn, pool);
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    list = apr_palloc(pool, sizeof(*list) * ((apr_size_t)PQntuples(res) + 1));
    f->refusals = list;
    f->passed = f->view->draws;
    for (i = 0; i < PQntuples(res); i++) {
        const char *what = kuji_pg_text(res, i, 0);
        int64_t count = kuji_pg_int(res, i, 1);

        if (strcmp(what, KUJI_TRAFFIC_VISIT) == 0) {
            f->visits = count;
            continue;
        }
        list[f->nrefusals].name = what;
        list[f->nrefusals++].count = count;
        f->refused += count;
        f->passed += was_inside(what) ? count : 0;
    }
    return APR_SUCCESS;
}

/* The window begins where a quarter does, since marks do. */
static int64_t recent_from(const kuji_campaign_view_t *v)
{
    int64_t from = v->now - RECENT_MS;

    from = from < v->opens_at ? v->opens_at : from;
    return from - from % KUJI_QUARTER_MS;
}

static apr_status_t read_prizes(read_t *r, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_figures_t *f = r->f;
    int64_t from = recent_from(f->view), quarter = from / KUJI_QUARTER_MS;
    kuji_pace_t pace = {.now = f->view->now, .closes_at = f->view->closes_at};
    kuji_figures_prize_t *prizes;
    PGresult *res;
    apr_status_t rv = ask(&res, f, KUJI_Q_FIGURES_RECENT, &quarter, conn, pool);
    int i;

    if (rv != APR_SUCCESS || PQntuples(res) == 0) {
        return rv; /* a draft's prizes have no rows */
    }
    if (PQntuples(res) != f->view->nprizes) {
        return KUJI_EDATABASE;
    }
    pace.during = f->recent_ms = f->view->now > from ? f->view->now - from : 0;
    prizes = apr_pcalloc(pool, sizeof(*prizes) * (apr_size_t)PQntuples(res));
    for (i = 0; i < f->view->nprizes; i++) {
        prizes[i].won = kuji_pg_int(res, i, 0);
        prizes[i].recent = pace.won = kuji_pg_int(res, i, 1);
        prizes[i].runout =
            kuji_runout(&prizes[i].runs_out_at, f->view->prizes[i].left, &pace);
        f->won += prizes[i].won;
    }
    f->prizes = prizes;
    return APR_SUCCESS;
}

static int is_claimed(const char *state)
{
    return strcmp(state, "void") != 0 && strcmp(state, "expired") != 0;
}

/* After read_prizes: what is in no other state is "won". */
static apr_status_t read_claims(read_t *r, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_figures_t *f = r->f;
    kuji_figures_count_t *list;
    PGresult *res;
    apr_status_t rv = ask(&res, f, KUJI_Q_FIGURES_CLAIMS, NULL, conn, pool);
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    list = apr_palloc(pool, sizeof(*list) * ((apr_size_t)PQntuples(res) + 1));
    list[0].name = "won";
    list[0].count = f->won;
    for (i = 0; i < PQntuples(res); i++) {
        list[i + 1].name = kuji_pg_text(res, i, 0);
        list[i + 1].count = kuji_pg_int(res, i, 1);
        list[0].count -= list[i + 1].count;
        f->claimed += is_claimed(list[i + 1].name) ? list[i + 1].count : 0;
    }
    f->claims = list;
    f->nclaims = f->won ? PQntuples(res) + 1 : 0;
    return APR_SUCCESS;
}

static apr_status_t read_codes(read_t *r, kuji_conn_t *conn, apr_pool_t *pool)
{
    PGresult *res;
    apr_status_t rv = ask(&res, r->f, KUJI_Q_FIGURES_CODES, NULL, conn, pool);

    if (rv == APR_SUCCESS) {
        r->f->codes = kuji_pg_int(res, 0, 0);
        r->f->code_draws = kuji_pg_int(res, 0, 1);
        r->f->code_draws_disabled = kuji_pg_int(res, 0, 2);
    }
    return rv;
}

static apr_status_t read_all(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    static apr_status_t (*const steps[])(read_t *, kuji_conn_t *,
                                         apr_pool_t *) = {
        read_spans, read_traffic, read_prizes, read_claims, read_codes};
    read_t *r = baton;
    const kuji_campaign_view_t *view = r->f->view;
    apr_status_t rv = APR_SUCCESS;
    unsigned i;

    memset(r->f, 0, sizeof(*r->f)); /* of a first try */
    r->f->view = view;
    for (i = 0; i < sizeof(steps) / sizeof(*steps) && rv == APR_SUCCESS; i++) {
        rv = steps[i](r, conn, pool);
    }
    return rv;
}

apr_status_t kuji_figures_read(const kuji_figures_t **figures,
                               const kuji_act_t *act, const char *slug,
                               kuji_figures_by_e by, int spans,
                               apr_pool_t *pool)
{
    read_t r = {apr_pcalloc(pool, sizeof(*r.f)), by, spans};
    apr_status_t rv = kuji_campaign_get(&r.f->view, act, slug, pool);

    *figures = r.f;
    return rv == APR_SUCCESS
               ? kuji_pg_transact(act->pg, act->tenant, read_all, &r, pool)
               : rv;
}
