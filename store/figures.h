/* A campaign's figures, from marks and counters alone: the same few
 * milliseconds after ten draws and after ten million.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_FIGURES_H
#define KUJI_STORE_FIGURES_H

#include "core/runout.h"
#include "store/campaign.h"

typedef enum kuji_figures_by_e {
    KUJI_FIGURES_BY_DAY, /* of the campaign's time zone */
    KUJI_FIGURES_BY_HOUR
} kuji_figures_by_e;

/** One day or hour. A win is a unit won in it, whatever became of it: a void
 * that gives it back takes nothing away, who gets it then wins it anew. */
typedef struct kuji_figures_span_t {
    int64_t from; /* ms */
    int64_t draws, wins, visits, refused;
} kuji_figures_span_t;

typedef struct kuji_figures_count_t {
    const char *name;
    int64_t count;
} kuji_figures_count_t;

typedef struct kuji_figures_prize_t {
    int64_t won;    /* ever; what was given back included */
    int64_t recent; /* of these, in the last kuji_figures_t.recent_ms */
    kuji_runout_e runout;
    int64_t runs_out_at; /* ms, with KUJI_RUNOUT_AT */
} kuji_figures_prize_t;

typedef struct kuji_figures_t {
    const kuji_campaign_view_t *view;
    int nspans; /* without a gap, the oldest first */
    const kuji_figures_span_t *spans;
    /* The whole campaign. passed: draws, and requests that were refused after
     * the gates had let them in. */
    int64_t visits, passed, won, claimed;
    int64_t refused;
    int nrefusals; /* by reason (kuji_traffic_refusals), the commonest first */
    const kuji_figures_count_t *refusals;
    int nclaims; /* by state; none without a claim */
    const kuji_figures_count_t *claims;
    const kuji_figures_prize_t *prizes; /* view->nprizes; NULL of a draft */
    int64_t recent_ms;                  /* a day, less after the opening */
    /* Serial codes: how many, and the draws that they are worth in all, of
     * disabled batches too. Each draw of a campaign with gate code used one. */
    int64_t codes, code_draws, code_draws_disabled;
} kuji_figures_t;

/** The last `spans` (1 ..) days or hours until now, or until the last leaf of a
 * campaign that is over. KUJI_ENOTFOUND. Each number is exact when it is read;
 * while draws go on, those read later have more. */
apr_status_t kuji_figures_read(const kuji_figures_t **figures,
                               const kuji_act_t *act, const char *slug,
                               kuji_figures_by_e by, int spans,
                               apr_pool_t *pool);

#endif
