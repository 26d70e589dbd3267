/* Counters of all child processes, added up in shared memory.
 *
 * Each child copies its queue's and pool's counters into its slot twice a
 * second and when it ends; a slot's last values are kept when its child is
 * gone, so that nothing counts backwards.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_STATS_H
#define KUJI_WEB_STATS_H

#include "web/response.h"

typedef struct kuji_stats_values_t {
    kuji_queue_counters_t queue;
    kuji_pg_counters_t pg;
    kuji_outbox_counters_t mail;
    uint64_t requests;
    uint64_t problems[KUJI_PROBLEM_LAST];
} kuji_stats_values_t;

typedef struct kuji_stats_board_t kuji_stats_board_t;

/** In post_config, once per start of the server; kept over restarts by the
 * process pool p. slots: child processes at most. */
apr_status_t kuji_stats_board(kuji_stats_board_t **board, int slots,
                              apr_pool_t *p);

/** In child_init, before the queue is made, so that its last values are in. */
apr_status_t kuji_stats_create(kuji_stats_t **stats, kuji_stats_board_t *board,
                               kuji_process_t *process, apr_pool_t *p);

void kuji_stats_request(kuji_stats_t *stats);
void kuji_stats_problem(kuji_stats_t *stats, kuji_problem_e problem);

/** The sum over all processes, this one's as of now. */
void kuji_stats_sum(kuji_stats_values_t *out, kuji_stats_t *stats);

/** Our section of mod_status's page (flags: AP_STATUS_*). */
void kuji_status_section(request_rec *r, int flags, kuji_stats_t *stats);

#endif
