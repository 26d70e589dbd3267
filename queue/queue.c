/* The requests' side of the queue: a draw is copied into a job of its own, put
 * behind those of its campaign, and waited for.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "queue/queue_int.h"

#include <apr_strings.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(queue, field)                                                    \
    __atomic_fetch_add(&(queue)->counters.field, 1, __ATOMIC_RELAXED)

void kuji_job_drop(kuji_job_t *job)
{
    if (__atomic_sub_fetch(&job->holders, 1, __ATOMIC_ACQ_REL) == 0) {
        kuji_campaign_drop(job->item.ask.campaign);
        sem_destroy(&job->done);
        free(job);
    }
}

static int seal_fate(kuji_job_t *job, kuji_fate_e fate)
{
    int expected = KUJI_WAITED_FOR;

    return __atomic_compare_exchange_n(&job->fate, &expected, fate, 0,
                                       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* No deeper than the tree of a batch. */
void kuji_job_tell(kuji_job_t *job)
{
    if (!job) {
        return;
    }
    if (seal_fate(job, KUJI_TOLD)) {
        sem_post(&job->done);
    }
    else {
        kuji_job_tell(job->tell[0]);
        kuji_job_tell(job->tell[1]);
    }
    kuji_job_drop(job);
}

static apr_status_t drop_job(void *job)
{
    kuji_job_drop(job);
    return APR_SUCCESS;
}

static kuji_job_t *make_job(const kuji_draw_ask_t *ask, apr_time_t deadline)
{
    kuji_job_t *job = malloc(sizeof(*job) + ask->count * sizeof(job->draws[0]));

    if (!job) {
        return NULL;
    }
    memset(job, 0, offsetof(kuji_job_t, draws));
    job->item.ask = *ask;
    memcpy(job->participant, ask->participant, ask->participant_len);
    job->item.ask.participant = job->participant;
    job->item.answer.draws = job->draws;
    job->holders = 2;
    job->deadline = deadline;
    sem_init(&job->done, 0, 0);
    kuji_campaign_keep(ask->campaign);
    return job;
}

/* Groups are few and stay: as many as campaigns were drawn from. */
static kuji_group_t *find_group(kuji_queue_t *queue, int64_t campaign_id)
{
    kuji_group_t **bucket = &queue->buckets[campaign_id % KUJI_GROUP_BUCKETS];
    kuji_group_t *group;

    for (group = *bucket; group; group = group->next_bucket) {
        if (group->campaign_id == campaign_id) {
            return group;
        }
    }
    group = calloc(1, sizeof(*group));
    if (group) {
        group->campaign_id = campaign_id;
        group->end = &group->first;
        group->next_bucket = *bucket;
        *bucket = group;
    }
    return group;
}

void kuji_group_ready(kuji_queue_t *queue, kuji_group_t *group)
{
    if (group->is_ready) {
        return; /* with jobs that have all given up since */
    }
    group->is_ready = 1;
    group->next_ready = NULL;
    *queue->ready_end = group;
    queue->ready_end = &group->next_ready;
}

void kuji_queue_call(kuji_queue_t *queue)
{
    if (queue->ready && queue->idle) {
        pthread_cond_signal(&queue->work);
    }
}

void kuji_group_skip(kuji_queue_t *queue, kuji_group_t *group)
{
    kuji_job_t **at = &group->first, *job;

    while ((job = *at)) {
        if (__atomic_load_n(&job->fate, __ATOMIC_ACQUIRE) == KUJI_GIVEN_UP) {
            *at = job->next;
            group->waiting--;
            queue->waiting--;
            kuji_job_drop(job);
        }
        else {
            at = &job->next;
        }
    }
    group->end = at;
}

/* While a database is stuck, those who gave up would fill the queue, and
 * whoever comes first once it goes on would find no place. */
static void make_room(kuji_queue_t *queue)
{
    kuji_group_t *group;
    int i;

    for (i = 0; i < KUJI_GROUP_BUCKETS; i++) {
        for (group = queue->buckets[i]; group; group = group->next_bucket) {
            kuji_group_skip(queue, group);
        }
    }
}

/* A campaign whose row somebody holds may not fill the queue: its neighbours
 * need the places. */
static int is_full(const kuji_queue_t *queue, const kuji_group_t *group)
{
    return queue->waiting >= queue->config.length ||
           (group->stalled && group->waiting >= queue->config.length / 4);
}

static apr_status_t put(kuji_queue_t *queue, kuji_job_t *job)
{
    kuji_group_t *group;
    apr_status_t rv = KUJI_EBUSY;

    pthread_mutex_lock(&queue->lock);
    group = find_group(queue, job->item.ask.campaign->id);
    if (group && is_full(queue, group)) {
        make_room(queue);
    }
    if (group && !queue->stopping && !is_full(queue, group)) {
        *group->end = job;
        group->end = &job->next;
        queue->waiting++;
        if (group->waiting++ == 0 && !group->busy) {
            kuji_group_ready(queue, group);
            if (!queue->returning) {
                kuji_queue_call(queue);
            }
        }
        rv = APR_SUCCESS;
    }
    pthread_mutex_unlock(&queue->lock);
    return rv;
}

static apr_status_t await(kuji_queue_t *queue, kuji_job_t *job)
{
    struct timespec until = {job->deadline / APR_USEC_PER_SEC,
                             job->deadline % APR_USEC_PER_SEC * 1000};

    while (sem_timedwait(&job->done, &until) != 0) {
        if (errno != EINTR && seal_fate(job, KUJI_GIVEN_UP)) {
            COUNT(queue, busy_timeout);
            return KUJI_EBUSY;
        }
    }
    kuji_job_tell(job->tell[0]);
    kuji_job_tell(job->tell[1]);
    return job->rv;
}

static void count_draws(kuji_queue_t *queue, const kuji_draw_answer_t *answer,
                        kuji_method_e method)
{
    int i;

    for (i = 0; i < answer->count; i++) {
        if (method == KUJI_RAFFLE) {
            COUNT(queue, draws_entry);
        }
        else if (answer->draws[i].prize >= 0) {
            COUNT(queue, draws_prize);
        }
        else {
            COUNT(queue, draws_blank);
        }
    }
}

static void count(kuji_queue_t *queue, const kuji_job_t *job, apr_status_t rv)
{
    const kuji_draw_answer_t *answer = &job->item.answer;

    if (rv == KUJI_EUNKNOWN) {
        COUNT(queue, unknown_commits);
    }
    else if (rv != APR_SUCCESS) {
        COUNT(queue, busy_database);
    }
    else if (answer->outcome == KUJI_DRAWN) {
        count_draws(queue, answer, job->item.ask.campaign->manifest->method);
    }
    else if (answer->outcome == KUJI_REPEATED) {
        COUNT(queue, repeated);
    }
    else {
        COUNT(queue, refused[answer->outcome]);
    }
}

apr_status_t kuji_queue_draw(const kuji_draw_answer_t **answer,
                             kuji_queue_t *queue, const kuji_draw_ask_t *ask,
                             apr_pool_t *pool)
{
    kuji_job_t *job = make_job(ask, apr_time_now() + queue->config.timeout);
    apr_status_t rv;

    if (!job) {
        return APR_ENOMEM;
    }
    rv = put(queue, job);
    if (rv != APR_SUCCESS) {
        COUNT(queue, busy_full);
        kuji_job_drop(job);
        kuji_job_drop(job);
        return rv;
    }
    apr_pool_cleanup_register(pool, job, drop_job, apr_pool_cleanup_null);
    rv = await(queue, job);
    if (job->fate == KUJI_TOLD) {
        count(queue, job, rv);
    }
    *answer = &job->item.answer;
    return rv;
}

void kuji_queue_counters(kuji_queue_counters_t *out, kuji_queue_t *queue)
{
    const uint64_t *from = (const uint64_t *)&queue->counters;
    uint64_t *to = (uint64_t *)out;
    apr_size_t i;

    for (i = 0; i < sizeof(*out) / sizeof(*to); i++) {
        to[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
    }
    out->waiting = __atomic_load_n(&queue->waiting, __ATOMIC_RELAXED);
}

/* Accepted draws are finished first: each waits no longer than its deadline,
 * and so does this. */
static apr_status_t stop(void *baton)
{
    kuji_queue_t *queue = baton;
    int i;

    pthread_mutex_lock(&queue->lock);
    queue->stopping = 1;
    pthread_cond_broadcast(&queue->work);
    pthread_mutex_unlock(&queue->lock);
    for (i = 0; i < queue->nthreads; i++) {
        pthread_join(queue->threads[i], NULL);
    }
    queue->nthreads = 0;
    return APR_SUCCESS;
}

static apr_status_t release(void *baton)
{
    kuji_queue_t *queue = baton;
    int i;

    for (i = 0; i < KUJI_GROUP_BUCKETS; i++) {
        while (queue->buckets[i]) {
            kuji_group_t *group = queue->buckets[i];

            queue->buckets[i] = group->next_bucket;
            free(group);
        }
    }
    pthread_cond_destroy(&queue->work);
    pthread_mutex_destroy(&queue->lock);
    return APR_SUCCESS;
}

apr_status_t kuji_queue_create(kuji_queue_t **out,
                               const kuji_queue_config_t *config, kuji_pg_t *pg,
                               const kuji_keyfile_t *keys, apr_pool_t *p)
{
    kuji_queue_t *queue = apr_pcalloc(p, sizeof(*queue));
    int i, rc = 0;

    queue->config = *config;
    queue->pg = pg;
    queue->keys = keys;
    queue->ready_end = &queue->ready;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->work, NULL);
    apr_pool_cleanup_register(p, queue, release, apr_pool_cleanup_null);
    queue->threads =
        apr_pcalloc(p, config->committers * sizeof(*queue->threads));
    for (i = 0; i < config->committers && rc == 0; i++) {
        rc =
            pthread_create(&queue->threads[i], NULL, kuji_committer_run, queue);
        queue->nthreads += rc == 0;
    }
    /* Before the sub-pools go, and the connections with them. */
    apr_pool_pre_cleanup_register(p, queue, stop);
    *out = queue;
    return rc == 0 ? APR_SUCCESS : APR_FROM_OS_ERROR(rc);
}
