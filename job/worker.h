/* A thread of a process's own that does one round after another, resting in
 * between, until it is told to stop.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_JOB_WORKER_H
#define KUJI_JOB_WORKER_H

#include <apr_pools.h>
#include <apr_time.h>
#include <pthread.h>

/** Lives in what it works for, zeroed but for the first three. */
typedef struct kuji_worker_t {
    /** pool is cleared after it. Returns how long to rest. */
    apr_interval_time_t (*round)(void *baton, apr_pool_t *pool);
    /** Once, after the last round; may be NULL. */
    void (*last)(void *baton, apr_pool_t *pool);
    void *baton;
    int stop; /* atomic: 1 once it is to end; lent to who waits in a round */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
} kuji_worker_t;

/** From child_init: threads do not survive a fork. Stopped and joined by a
 * pre-cleanup on p, at the latest when the round at hand is over; a rest ends
 * at once. The errors are those of pthread_create. */
apr_status_t kuji_worker_start(kuji_worker_t *worker, apr_pool_t *p);

/** Whether a round is to come to its end. */
int kuji_worker_stopping(const kuji_worker_t *worker);

#endif
