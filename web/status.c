/* Our section of mod_status, for people and for ?auto.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/stats.h"

#include <http_protocol.h>
#include <mod_status.h>

typedef struct line_t {
    const char *name, *label; /* ?auto, page */
    uint64_t value;
} line_t;

static uint64_t refusals(const kuji_queue_counters_t *q)
{
    uint64_t sum = 0;
    int i;

    for (i = 0; i < KUJI_OUTCOME_COUNT; i++) {
        sum += kuji_traffic_refusals[i] ? q->refused[i] : 0;
    }
    return sum;
}

void kuji_status_section(request_rec *r, int flags, kuji_stats_t *stats)
{
    kuji_stats_values_t v;
    const kuji_queue_counters_t *q = &v.queue;
    unsigned i;

    kuji_stats_sum(&v, stats);
    {
        const line_t lines[] = {
            {"KujiRequests", "Requests", v.requests},
            {"KujiDrawsPrize", "Draws with a prize", q->draws_prize},
            {"KujiDrawsBlank", "Draws without", q->draws_blank},
            {"KujiDrawsEntry", "Entries", q->draws_entry},
            {"KujiDrawsRepeated", "Repeated answers", q->repeated},
            {"KujiRefused", "Refused", refusals(q)},
            {"KujiBusy", "Busy",
             q->busy_full + q->busy_timeout + q->busy_database},
            {"KujiUnknownCommits", "Commits of unknown fate",
             q->unknown_commits},
            {"KujiWaiting", "Waiting draws", q->waiting},
            {"KujiBatches", "Transactions", q->batches},
            {"KujiConnections", "Connections in use", v.pg.in_use},
            {"KujiConnectErrors", "Failed connects", v.pg.connect_errors},
        };

        if (!(flags & AP_STATUS_SHORT)) {
            ap_rputs("<hr />\n<h2>mod_kuji</h2>\n<dl>\n", r);
        }
        for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
            ap_rprintf(r,
                       (flags & AP_STATUS_SHORT) ? "%s: %" APR_UINT64_T_FMT "\n"
                                                 : "<dt>%s: %" APR_UINT64_T_FMT
                                                   "</dt>\n",
                       (flags & AP_STATUS_SHORT) ? lines[i].name
                                                 : lines[i].label,
                       (apr_uint64_t)lines[i].value);
        }
        if (!(flags & AP_STATUS_SHORT)) {
            ap_rputs("</dl>\n", r);
        }
    }
}
