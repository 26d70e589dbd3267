/* What runs without a request: a thread in every process, one of them at work
 * at a time. It closes campaigns whose closes_at has come (a raffle: thirty
 * days after its raffle leaf, since substitutes come before the close), and now
 * and then sweeps (job/sweep.h): claims, gift codes, personal data past its
 * time. Each adds its own process's traffic to the database.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_JOB_JOB_H
#define KUJI_JOB_JOB_H

#include "core/keyfile.h"
#include "store/flag.h"
#include "store/traffic.h"

typedef struct kuji_jobs_t kuji_jobs_t;

typedef struct kuji_jobs_config_t {
    kuji_pg_t *pg; /* up to two connections are used at once */
    const kuji_keyfile_t *keys;
    apr_interval_time_t interval; /* between two looks; 0: one second */
    kuji_traffic_t *traffic;      /* flushed every few looks; NULL: none */
    kuji_flags_t *flags;          /* NULL: none */
    apr_interval_time_t sweep;    /* between two sweeps; 0: ten minutes */
    /* Told of each close, erasure and failure, from the jobs' thread; levels as
     * in kuji_pg_config_t. May be NULL. */
    kuji_pg_log_fn *log;
    void *log_baton;
} kuji_jobs_config_t;

typedef struct kuji_jobs_counters_t {
    uint64_t rounds;   /* looks */
    uint64_t leads;    /* looks while this process was the one at work */
    uint64_t closed;   /* campaigns closed by it */
    uint64_t sweeps;   /* rounds that swept */
    uint64_t failures; /* rounds without database, closes refused, tenants that
                           were not swept */
    uint64_t flushes;  /* of the traffic, into the database */
} kuji_jobs_counters_t;

/** Starts the thread; from child_init only. pg and keys outlive p. A
 * *pre*-cleanup on p stops and joins it: at once where it waits, after the page
 * or the transaction at hand where it works. */
apr_status_t kuji_jobs_start(kuji_jobs_t **jobs,
                             const kuji_jobs_config_t *config, apr_pool_t *p);

void kuji_jobs_counters(kuji_jobs_counters_t *out, kuji_jobs_t *jobs);

#endif
