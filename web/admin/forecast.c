/* What prizes would do under so many visitors a day, as data of a page.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/forecast.h"

#include "core/config.h"
#include "core/forecast.h"

#include <apr_strings.h>

typedef struct look_t {
    const kuji_desk_t *desk;
    const json_t *config;
    const kuji_manifest_t *m;
    kuji_forecast_ask_t ask;
    kuji_forecast_t f;
} look_t;

static apr_status_t make_manifest(look_t *l)
{
    static const kuji_config_facts_t facts = {
        .campaign = "00000000-0000-4000-8000-000000000000",
        .tenant = "tenant",
        .host = "host.example"};
    const char *why = NULL;
    json_t *doc = kuji_config_manifest(l->config, &facts);
    apr_status_t rv =
        doc ? kuji_manifest_build(&l->m, &why, doc, l->desk->page.pool)
            : KUJI_EINVAL;

    json_decref(doc);
    return rv;
}

/* Midnights of the campaign's zone between its ends. */
static void make_days(look_t *l)
{
    int64_t *starts = apr_palloc(l->desk->page.pool,
                                 (KUJI_FORECAST_DAYS_MAX + 1) * sizeof *starts);
    int days = 0;

    starts[0] = l->m->opens_at;
    while (days < KUJI_FORECAST_DAYS_MAX && starts[days] < l->m->closes_at) {
        int64_t next = kuji_zone_next_day(l->desk->zone, starts[days]);

        starts[++days] = next < l->m->closes_at ? next : l->m->closes_at;
    }
    l->ask.m = l->m;
    l->ask.starts = starts;
    l->ask.days = days;
}

/* "12.3", without a fraction that says nothing. */
static const char *average(const look_t *l, double value)
{
    if (value >= 100 || value == (double)(int64_t)value) {
        return kuji_desk_count(l->desk, (int64_t)(value + 0.5));
    }
    return apr_psprintf(l->desk->page.pool, "%.1f", value);
}

static const char *day_of(const look_t *l, int day)
{
    return kuji_zone_date(l->desk->zone, l->ask.starts[day],
                          l->desk->page.web->language, l->desk->page.pool);
}

static json_t *prize_rows(const look_t *l)
{
    json_t *rows = json_array();
    int i, day;

    for (i = 0; i < l->m->nprizes; i++) {
        double sum = 0;
        json_t *row;

        for (day = 0; day < l->f.days; day++) {
            sum += l->f.awarded[day * l->m->nprizes + i];
        }
        row = json_pack(
            "{s:s, s:s, s:s, s:s, s:s, s:s}", "daily",
            average(l, sum / l->f.days), "code", l->m->prizes[i].code, "name",
            l->m->prizes[i].name, "units",
            kuji_desk_count(l->desk, l->m->prizes[i].units), "awarded",
            average(l, sum), "left", average(l, l->f.left[i]));
        if (l->f.gone[i] >= 0) {
            json_object_set_new(row, "gone",
                                json_string(day_of(l, l->f.gone[i])));
        }
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *day_rows(const look_t *l)
{
    json_t *rows = json_array(), *cells;
    int i, day;

    for (day = 0; day < l->f.days; day++) {
        cells = json_array();
        for (i = 0; i < l->m->nprizes; i++) {
            json_array_append_new(
                cells,
                json_pack("{s:s}", "awarded",
                          average(l, l->f.awarded[day * l->m->nprizes + i])));
        }
        json_array_append_new(
            rows,
            json_pack("{s:s, s:s, s:s, s:o}", "day", day_of(l, day), "visitors",
                      kuji_desk_count(l->desk, l->f.visitors[day]), "draws",
                      average(l, l->f.draws[day]), "cells", cells));
    }
    return rows;
}

static json_t *result_of(const look_t *l)
{
    return json_pack("{s:o, s:o, s:i, s:b, s:i, s:b}", "prizes", prize_rows(l),
                     "days", day_rows(l), "runs", l->f.runs, "cut",
                     l->f.days < l->ask.days, "cut_days", l->f.days, "result",
                     1);
}

/* A raffle decides nothing meanwhile, but how many come for one unit is known.
 */
static json_t *ratio_of(const look_t *l)
{
    int64_t units = 0, length = l->m->closes_at - l->m->opens_at;
    double entries = (double)l->ask.visitors * (double)length / 86400000.0;
    int i;

    for (i = 0; i < l->m->nprizes; i++) {
        units += l->m->prizes[i].units;
    }
    return json_pack("{s:{s:s, s:s, s:s}}", "ratio", "entries",
                     average(l, entries), "units",
                     kuji_desk_count(l->desk, units), "times",
                     average(l, entries / (double)units));
}

int64_t kuji_forecast_visitors_max(void)
{
    return KUJI_FORECAST_DRAWS_MAX;
}

apr_status_t kuji_forecast_of(json_t **out, const kuji_desk_t *desk,
                              const json_t *config, int64_t visitors)
{
    look_t l = {.desk = desk, .config = config};
    apr_status_t rv = make_manifest(&l);

    *out = NULL;
    if (rv != APR_SUCCESS) {
        return KUJI_EINVAL;
    }
    l.ask.visitors = visitors;
    make_days(&l);
    rv = kuji_forecast(&l.f, &l.ask, desk->page.pool);
    if (rv == APR_SUCCESS) {
        *out = result_of(&l);
    }
    else if (rv == KUJI_ESTATE) {
        *out = ratio_of(&l);
        rv = APR_SUCCESS;
    }
    return rv;
}
