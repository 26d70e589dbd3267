/* Runs of a campaign that never was.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/forecast.h"

#include "core/bytes.h"
#include "core/draw.h"
#include "core/error.h"
#include "core/limit.h"

#include <string.h>

#define DAY_MS ((int64_t)86400000)

/* One forecast while it is made. */
typedef struct sums_t {
    const kuji_forecast_ask_t *ask;
    int days;          /* those that are decided */
    int64_t *visitors; /* by day */
    double *awarded, *draws, *left;
    int *gone;     /* by prize */
    int *out_runs; /* by day and prize: runs without a unit at its end */
    int runs;
    int64_t units; /* winning moments, which each run works out */
} sums_t;

/* One run while it goes. */
typedef struct run_t {
    const kuji_manifest_t *m;
    kuji_words_t w;
    kuji_moments_t moments;
    kuji_state_t state;
    uint64_t n; /* of the next draw */
    int is_over;
} run_t;

/* Visitors of a day that is shorter or longer than 24 hours, rounded. */
static int64_t visitors_of(const kuji_forecast_ask_t *ask, int day)
{
    int64_t length = ask->starts[day + 1] - ask->starts[day];
    long double share =
        (long double)ask->visitors * (long double)length / (long double)DAY_MS;

    return (int64_t)(share + 0.5L);
}

static int in_range(const kuji_forecast_ask_t *ask)
{
    int i;

    if (ask->visitors < 1 || ask->visitors > KUJI_FORECAST_DRAWS_MAX ||
        ask->days < 1 || ask->days > KUJI_FORECAST_DAYS_MAX) {
        return 0;
    }
    for (i = 0; i < ask->days; i++) {
        if (ask->starts[i] >= ask->starts[i + 1]) {
            return 0;
        }
    }
    return 1;
}

/* How many days, and how often. */
static void plan(sums_t *s)
{
    int64_t total = s->units, next;

    for (s->days = 0; s->days < s->ask->days; s->days++) {
        next = visitors_of(s->ask, s->days);
        if (s->days && total + next > KUJI_FORECAST_DRAWS_MAX + s->units) {
            break;
        }
        s->visitors[s->days] = next;
        total += next;
    }
    s->runs = KUJI_FORECAST_RUNS_MAX;
    while (s->runs > 1 && total * s->runs > KUJI_FORECAST_DRAWS_MAX) {
        s->runs--;
    }
}

/* A key for each run; nothing is drawn under it but here. */
static void make_key(unsigned char k[KUJI_KEY_LEN], int run)
{
    memset(k, 0, KUJI_KEY_LEN);
    memcpy(k, "forecast", 8);
    kuji_be32(k + KUJI_KEY_LEN - 4, (uint32_t)run);
}

static void one_draw(run_t *run, double *awarded, double *draws, int64_t t)
{
    int prize = kuji_draw_decide_with(run->m, &run->moments, &run->w,
                                      &run->state, run->n, t);

    if (prize == KUJI_SOLD_OUT) {
        run->is_over = 1;
        return;
    }
    run->n++;
    *draws += 1;
    if (prize >= 0) {
        awarded[prize] += 1;
    }
}

static void one_day(sums_t *s, run_t *run, int day)
{
    const kuji_limits_t *limits = &run->m->limits;
    int64_t from = s->ask->starts[day];
    int64_t length = s->ask->starts[day + 1] - from, v;
    kuji_usage_t usage = {0};
    double draws = 0;
    int i;

    for (v = 0; v < s->visitors[day] && !run->is_over; v++) {
        usage.draws = (int64_t)run->n - 1;
        usage.day_draws = (int64_t)draws;
        if (kuji_limit_refuses(limits, &usage, 1)) {
            break;
        }
        one_draw(run, s->awarded + day * run->m->nprizes, &draws,
                 from + (int64_t)((long double)length * (long double)v /
                                  (long double)s->visitors[day]));
    }
    s->draws[day] += draws;
    for (i = 0; i < run->m->nprizes; i++) {
        s->out_runs[day * run->m->nprizes + i] += !run->state.stock[i].left;
    }
}

static apr_status_t one_run(sums_t *s, int number, apr_pool_t *pool)
{
    run_t run = {.m = s->ask->m, .n = 1};
    unsigned char k[KUJI_KEY_LEN];
    int day, i;
    apr_status_t rv = APR_SUCCESS;

    make_key(k, number);
    if (run.m->method == KUJI_MOMENT) {
        rv = kuji_moments_make(&run.moments, run.m, k);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_words_init(&run.w, k);
    kuji_state_init(&run.state, run.m, pool);
    for (day = 0; day < s->days; day++) {
        one_day(s, &run, day);
    }
    for (i = 0; i < run.m->nprizes; i++) {
        s->left[i] += (double)run.state.stock[i].left;
    }
    kuji_moments_free(&run.moments);
    return APR_SUCCESS;
}

/* "But an odd one": nine of ten runs. */
static void average(sums_t *s)
{
    int prizes = s->ask->m->nprizes, day, i;

    for (i = 0; i < s->days * prizes; i++) {
        s->awarded[i] /= s->runs;
    }
    for (day = 0; day < s->days; day++) {
        s->draws[day] /= s->runs;
    }
    for (i = 0; i < prizes; i++) {
        s->left[i] /= s->runs;
        s->gone[i] = -1;
        for (day = s->days - 1; day >= 0; day--) {
            if (s->out_runs[day * prizes + i] * 10 >= s->runs * 9) {
                s->gone[i] = day;
            }
        }
    }
}

static apr_status_t check(sums_t *s)
{
    const kuji_manifest_t *m = s->ask->m;
    int i;

    if (m->method == KUJI_RAFFLE) {
        return KUJI_ESTATE;
    }
    for (i = 0; m->method == KUJI_MOMENT && i < m->nprizes; i++) {
        if (m->prizes[i].units > KUJI_FORECAST_DRAWS_MAX - s->units) {
            return KUJI_ETOOBIG;
        }
        s->units += m->prizes[i].units;
    }
    return in_range(s->ask) ? APR_SUCCESS : KUJI_EINVAL;
}

apr_status_t kuji_forecast(kuji_forecast_t *f, const kuji_forecast_ask_t *ask,
                           apr_pool_t *pool)
{
    apr_size_t days = (apr_size_t)(ask->days > 0 ? ask->days : 0);
    apr_size_t prizes = (apr_size_t)ask->m->nprizes;
    sums_t s = {.ask = ask};
    apr_status_t rv = check(&s);
    int run;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    s.visitors = apr_pcalloc(pool, days * sizeof(*s.visitors));
    s.draws = apr_pcalloc(pool, days * sizeof(*s.draws));
    s.awarded = apr_pcalloc(pool, days * prizes * sizeof(*s.awarded));
    s.out_runs = apr_pcalloc(pool, days * prizes * sizeof(*s.out_runs));
    s.left = apr_pcalloc(pool, prizes * sizeof(*s.left));
    s.gone = apr_pcalloc(pool, prizes * sizeof(*s.gone));
    plan(&s);
    for (run = 0; run < s.runs && rv == APR_SUCCESS; run++) {
        rv = one_run(&s, run, pool);
    }
    average(&s);
    *f = (kuji_forecast_t){s.runs,  s.days, s.awarded, s.visitors,
                           s.draws, s.gone, s.left};
    return rv;
}
