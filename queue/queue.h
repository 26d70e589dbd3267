/* The draw queue: many waiting requests, one transaction (design.md 4).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_QUEUE_QUEUE_H
#define KUJI_QUEUE_QUEUE_H

#include "store/batch.h"

typedef struct kuji_queue_t kuji_queue_t;

typedef struct kuji_queue_config_t {
    int length;                  /* KujiQueueLength: waiting draws at most */
    int batch_max;               /* KujiBatchMax: draws in one transaction */
    int committers;              /* KujiCommitters: threads */
    apr_interval_time_t timeout; /* KujiDrawTimeout: longest wait */
} kuji_queue_config_t;

typedef struct kuji_queue_counters_t {
    uint64_t draws_prize, draws_blank, draws_entry, repeated;
    uint64_t refused[KUJI_OUTCOME_COUNT]; /* by outcome */
    uint64_t busy_full, busy_timeout, busy_database, unknown_commits;
    uint32_t waiting;
    uint64_t batches, batch_draws;
    uint64_t batch_size[16]; /* histogram: <= 1, 2, 4, 8 ... 2^15 */
    uint64_t commit_us[24];  /* histogram: <= 1, 2, 4 ... 2^23 us */
    uint64_t commit_us_sum;
} kuji_queue_counters_t;

/** Starts the committers; from child_init only. A *pre*-cleanup on p stops
 * them: what was accepted is finished first, within the timeout. */
apr_status_t kuji_queue_create(kuji_queue_t **queue,
                               const kuji_queue_config_t *config, kuji_pg_t *pg,
                               const kuji_keyfile_t *keys, apr_pool_t *p);

/** Waits for the draw's fate; ask is copied. APR_SUCCESS: *answer lives as long
 * as pool. KUJI_EBUSY:
 * refused untouched, or not decided in time (the key makes a retry safe);
 * KUJI_EUNKNOWN: show nothing. */
apr_status_t kuji_queue_draw(const kuji_draw_answer_t **answer,
                             kuji_queue_t *queue, const kuji_draw_ask_t *ask,
                             apr_pool_t *pool);

void kuji_queue_counters(kuji_queue_counters_t *out, kuji_queue_t *queue);

#endif
