/* What a campaign's prizes will do under a given number of visitors: the draws
 * are decided by core/draw.c itself, under keys that stand for no campaign's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_FORECAST_H
#define KUJI_CORE_FORECAST_H

#include "core/manifest.h"

/** Most draws that one forecast decides (about a second). */
#define KUJI_FORECAST_DRAWS_MAX ((int64_t)3000000)
/** Most runs that are averaged, and most days that are looked at. */
#define KUJI_FORECAST_RUNS_MAX 20
#define KUJI_FORECAST_DAYS_MAX 400

typedef struct kuji_forecast_ask_t {
    const kuji_manifest_t *m; /* any method but raffle */
    /* Borders of the days, in ms, ascending: day d is starts[d] up to
     * starts[d + 1]. The first is opens_at, the last closes_at, those between
     * midnights where the campaign lives. */
    const int64_t *starts;
    int days;         /* 1 .. KUJI_FORECAST_DAYS_MAX */
    int64_t visitors; /* a whole day of 24 hours, each drawing once; >= 1 */
} kuji_forecast_ask_t;

typedef struct kuji_forecast_t {
    int runs; /* what the averages are of */
    int days; /* days that were decided: all, unless draws ran into the limit */
    /* Each of days * nprizes, a day's prizes side by side; averages. */
    const double *awarded;
    /* Each of days: visitors who came, and how many of them could draw (a limit
     * of the campaign or an empty box turns the others away). */
    const int64_t *visitors;
    const double *draws;
    /* Each of nprizes: the first day (0-based) at whose end no run but an odd
     * one has a unit left; -1: it lasts. */
    const int *gone;
    /* Each of nprizes: units left at the end; averages. */
    const double *left;
} kuji_forecast_t;

/** Runs as often as KUJI_FORECAST_DRAWS_MAX allows, but once. The same ask has
 * the same answer; *f lives in pool. KUJI_ESTATE: a raffle decides nothing
 * before its end. KUJI_EINVAL: days or visitors out of range. KUJI_ETOOBIG:
 * more winning moments than KUJI_FORECAST_DRAWS_MAX. */
apr_status_t kuji_forecast(kuji_forecast_t *f, const kuji_forecast_ask_t *ask,
                           apr_pool_t *pool);

#endif
