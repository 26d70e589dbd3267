/* The committers' side: a thread takes what waits for one campaign, runs it as
 * one transaction, and tells each waiter. No timer: while one batch commits,
 * the next one grows by itself.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "queue/queue_int.h"

#include <apr_strings.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* A pause after a failure, so that a dead database is not hammered. */
#define BACK_OFF apr_time_from_msec(50)

static void wait_until(kuji_queue_t *queue, apr_time_t when)
{
    struct timespec until = {when / APR_USEC_PER_SEC,
                             when % APR_USEC_PER_SEC * 1000};

    queue->idle++;
    if (when) {
        pthread_cond_timedwait(&queue->work, &queue->lock, &until);
    }
    else {
        pthread_cond_wait(&queue->work, &queue->lock);
    }
    queue->idle--;
}

/* Unlinks the first group that may be worked at; *when: when the next one may
 * be, 0 if there is none. */
static kuji_group_t *pop_ready(kuji_queue_t *queue, apr_time_t *when)
{
    kuji_group_t **at = &queue->ready, *group;
    apr_time_t now = apr_time_now();

    *when = 0;
    for (; (group = *at); at = &group->next_ready) {
        if (group->not_before <= now) {
            *at = group->next_ready;
            if (queue->ready_end == &group->next_ready) {
                queue->ready_end = at;
            }
            group->is_ready = 0;
            return group;
        }
        if (!*when || group->not_before < *when) {
            *when = group->not_before;
        }
    }
    return NULL;
}

static void push_front(kuji_group_t *group, kuji_job_t *first, kuji_job_t **end,
                       int count)
{
    *end = group->first;
    if (!group->first) {
        group->end = end;
    }
    group->first = first;
    group->waiting += count;
}

/* Takes at most batch_max draws off the group, in order; one job that must be
 * tried alone makes a batch of its own. */
static int take(kuji_queue_t *queue, kuji_group_t *group, kuji_job_t **jobs)
{
    int count = 0, draws = 0;

    kuji_group_skip(queue, group);
    while (group->first) {
        kuji_job_t *job = group->first;

        if (count && (draws + job->item.ask.count > queue->config.batch_max ||
                      job->alone || jobs[0]->alone)) {
            break;
        }
        draws += job->item.ask.count;
        jobs[count++] = job;
        group->first = job->next;
        group->waiting--;
        job->next = NULL;
    }
    if (!group->first) {
        group->end = &group->first;
    }
    return count;
}

/* Bucket k counts values up to 2^k. */
static void observe(uint64_t *buckets, int nbuckets, uint64_t value)
{
    int k = 0;

    while (k < nbuckets - 1 && value > (uint64_t)1 << k) {
        k++;
    }
    __atomic_fetch_add(&buckets[k], 1, __ATOMIC_RELAXED);
}

static void count_batch(kuji_queue_t *queue, int draws, apr_interval_time_t us)
{
    kuji_queue_counters_t *c = &queue->counters;

    __atomic_fetch_add(&c->batches, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&c->batch_draws, draws, __ATOMIC_RELAXED);
    __atomic_fetch_add(&c->commit_us_sum, us, __ATOMIC_RELAXED);
    observe(c->batch_size, sizeof(c->batch_size) / sizeof(*c->batch_size),
            draws);
    observe(c->commit_us, sizeof(c->commit_us) / sizeof(*c->commit_us), us);
}

static apr_status_t run(kuji_queue_t *queue, kuji_job_t **jobs, int count,
                        apr_pool_t *pool)
{
    kuji_batch_item_t **items = apr_palloc(pool, count * sizeof(*items));
    apr_time_t start = apr_time_now();
    kuji_conn_t *conn;
    apr_status_t rv = kuji_pg_acquire(&conn, queue->pg);
    int i, draws = 0;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (i = 0; i < count; i++) {
        items[i] = &jobs[i]->item;
        draws += items[i]->ask.count;
    }
    rv = kuji_batch_run(conn, items, count, &queue->keys->signer,
                        queue->config.timeout, pool);
    kuji_pg_release(conn);
    if (rv == APR_SUCCESS) {
        count_batch(queue, draws, apr_time_now() - start);
    }
    return rv;
}

/* The committer wakes one waiter, each waiter two more: all at once they would
 * fight for the CPUs and for the MPM's locks, and with the committer, who has
 * the next batch to do; one after the other, the last would wait for each. */
static void tell(kuji_job_t **jobs, int count, apr_status_t rv)
{
    int i;

    for (i = 0; i < count; i++) {
        jobs[i]->rv = rv == KUJI_ELOCKED ? KUJI_EBUSY : rv;
        jobs[i]->tell[0] = 2 * i + 1 < count ? jobs[2 * i + 1] : NULL;
        jobs[i]->tell[1] = 2 * i + 2 < count ? jobs[2 * i + 2] : NULL;
    }
    kuji_job_tell(jobs[0]);
}

/* Under the lock. What was surely not done goes back and is tried again while
 * its waiters wait: after a restart of PostgreSQL nobody need notice. A batch
 * that PostgreSQL refused is taken apart, so that one bad request never fails
 * the others. */
static void put_back(kuji_group_t *group, kuji_job_t **jobs, int count,
                     apr_status_t rv)
{
    int i;

    for (i = 0; i < count; i++) {
        jobs[i]->next = i + 1 < count ? jobs[i + 1] : NULL;
        jobs[i]->alone = rv == KUJI_EDATABASE || rv == KUJI_ECONFLICT;
    }
    push_front(group, jobs[0], &jobs[count - 1]->next, count);
    if (!jobs[0]->alone) {
        group->stalled = rv == KUJI_ELOCKED;
        group->not_before = apr_time_now() + BACK_OFF;
    }
}

static int worth_another_try(const kuji_queue_t *queue, apr_status_t rv,
                             int count)
{
    if (rv == KUJI_EBUSY || rv == KUJI_ELOCKED) {
        return !queue->stopping;
    }
    return (rv == KUJI_EDATABASE || rv == KUJI_ECONFLICT) && count > 1;
}

/* Called and returns with the lock held. The group is free before this one's
 * waiters are told, so that what comes meanwhile is the next batch; whoever
 * returns takes it, and nobody else is woken for that. */
static void work_at(kuji_queue_t *queue, kuji_group_t *group, kuji_job_t **jobs,
                    apr_pool_t *pool)
{
    int count = take(queue, group, jobs), again;
    apr_status_t rv;

    if (count == 0) {
        return;
    }
    group->busy = 1;
    pthread_mutex_unlock(&queue->lock);
    rv = run(queue, jobs, count, pool);
    again = worth_another_try(queue, rv, count);
    pthread_mutex_lock(&queue->lock);
    group->busy = 0;
    group->stalled = 0;
    if (again) {
        put_back(group, jobs, count, rv);
    }
    else {
        queue->waiting -= count;
    }
    if (group->first) {
        kuji_group_ready(queue, group);
    }
    queue->returning++;
    pthread_mutex_unlock(&queue->lock);
    if (!again) {
        tell(jobs, count, rv);
    }
    apr_pool_clear(pool);
    pthread_mutex_lock(&queue->lock);
    queue->returning--;
}

/* Signals are the main thread's. */
static void block_signals(void)
{
    sigset_t all;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
}

void *kuji_committer_run(void *baton)
{
    kuji_queue_t *queue = baton;
    kuji_job_t **jobs = malloc(queue->config.batch_max * sizeof(*jobs));
    apr_pool_t *pool = NULL;
    kuji_group_t *group;
    apr_time_t when;

    block_signals();
    if (!jobs ||
        apr_pool_create_unmanaged_ex(&pool, NULL, NULL) != APR_SUCCESS) {
        free(jobs);
        return NULL;
    }
    pthread_mutex_lock(&queue->lock);
    while (!queue->stopping || queue->ready) {
        group = pop_ready(queue, &when);
        if (group) {
            kuji_queue_call(queue);
            work_at(queue, group, jobs, pool);
        }
        else {
            wait_until(queue, when);
        }
    }
    pthread_mutex_unlock(&queue->lock);
    apr_pool_destroy(pool);
    free(jobs);
    return NULL;
}
