/* Inside of the queue: for its own files only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_QUEUE_QUEUE_INT_H
#define KUJI_QUEUE_QUEUE_INT_H

#include "queue/queue.h"

#include <pthread.h>
#include <semaphore.h>

typedef enum kuji_fate_e {
    KUJI_WAITED_FOR,
    KUJI_GIVEN_UP,
    KUJI_TOLD
} kuji_fate_e;

/** A waiting draw. Two hold it: the request's thread (until its pool dies) and
 * the queue (until it is decided); malloc'ed, so that it outlives a request
 * that gave up. */
typedef struct kuji_job_t {
    kuji_batch_item_t item;
    char participant[KUJI_PARTICIPANT_MAX];
    apr_status_t rv; /* the waiter's to read once done is posted */
    sem_t done;
    int holders; /* atomic */
    int fate;    /* kuji_fate_e, atomic: waiter and teller race for it */
    int alone;   /* its batch failed: try it by itself */
    apr_time_t deadline;
    struct kuji_job_t *next;    /* in the group */
    struct kuji_job_t *tell[2]; /* once decided: whom to tell next, or NULL */
    kuji_drawn_t draws[];
} kuji_job_t;

/** The waiting draws of one campaign; with one committer at a time. */
typedef struct kuji_group_t {
    int64_t campaign_id;
    kuji_job_t *first, **end;
    int waiting;           /* jobs in the list */
    int busy;              /* a committer is at it */
    int is_ready;          /* it is in the ready list */
    int stalled;           /* its last try found the row locked */
    apr_time_t not_before; /* back-off after a failure */
    struct kuji_group_t *next_ready, *next_bucket;
} kuji_group_t;

enum { KUJI_GROUP_BUCKETS = 64 };

struct kuji_queue_t {
    kuji_queue_config_t config;
    kuji_pg_t *pg;
    const kuji_keyfile_t *keys;

    pthread_mutex_t lock; /* everything down to the counters */
    pthread_cond_t work;
    int idle;      /* committers waiting for work */
    int returning; /* committers about to look for work */
    int stopping;
    int waiting; /* jobs in all groups and batches */
    kuji_group_t *buckets[KUJI_GROUP_BUCKETS];
    kuji_group_t *ready, **ready_end;

    kuji_queue_counters_t counters; /* atomic */
    pthread_t *threads;
    int nthreads;
};

/** The committers' thread function; baton: the queue. */
void *kuji_committer_run(void *queue);

/** Tells a decided job's waiter, who tells the next two (tell), and lets go of
 * it. Nobody waits any more: the next two are told at once. job may be NULL. */
void kuji_job_tell(kuji_job_t *job);
void kuji_job_drop(kuji_job_t *job);

/** Under the lock: puts a group with jobs, not busy, at the ready list's end.
 */
void kuji_group_ready(kuji_queue_t *queue, kuji_group_t *group);
/** Under the lock: drops the jobs whose waiters have given up; they need no
 * decision. */
void kuji_group_skip(kuji_queue_t *queue, kuji_group_t *group);
/** Under the lock: wakes a committer, if there is work and one that waits. */
void kuji_queue_call(kuji_queue_t *queue);

#endif
