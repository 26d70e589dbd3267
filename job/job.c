/* One process at a time is at work: whoever gets the advisory lock, anew each
 * round, so that a process that dies is replaced within a round. The lock only
 * saves work; what keeps a campaign from being closed twice is its row's lock.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "job/job.h"

#include "job/sweep.h"
#include "job/worker.h"
#include "store/event.h"

#include <apr_strings.h>
#include <string.h>

#define INTERVAL apr_time_from_sec(1)
#define SWEEP apr_time_from_sec(600)
/** A raffle waits for its admin; a refusal for its operator. */
#define RETRY_WAITING apr_time_from_sec(5)
#define RETRY_REFUSED apr_time_from_sec(60)
#define POSTPONED_MAX 64
/** Looks between two flushes of the traffic. */
#define FLUSH_EVERY 5

/** Levels of kuji_pg_log_fn. */
enum { LOG_ERROR = 3, LOG_NOTED = 5 };

/* A campaign that could not be closed when last looked at. */
typedef struct postponed_t {
    int64_t id;
    apr_time_t until;
} postponed_t;

struct kuji_jobs_t {
    kuji_jobs_config_t config;
    kuji_worker_t worker;
    uint64_t rounds, leads, closed, sweeps, failures, flushes; /* atomic */
    apr_time_t next_sweep; /* the thread's own, as all below */
    int looks;
    postponed_t postponed[POSTPONED_MAX];
    int next_postponed;
};

static void count(uint64_t *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static int stopping(kuji_jobs_t *jobs)
{
    return kuji_worker_stopping(&jobs->worker);
}

static void tell(kuji_jobs_t *jobs, int level, apr_status_t rv,
                 const char *message)
{
    if (jobs->config.log) {
        jobs->config.log(jobs->config.log_baton, level, rv, message);
    }
}

static postponed_t *find_postponed(kuji_jobs_t *jobs, int64_t id)
{
    int i;

    for (i = 0; i < POSTPONED_MAX; i++) {
        if (jobs->postponed[i].id == id) {
            return &jobs->postponed[i];
        }
    }
    return NULL;
}

/* A full table forgets the oldest: that one is then looked at too often. */
static void postpone(kuji_jobs_t *jobs, int64_t id, apr_interval_time_t delay)
{
    postponed_t *p = find_postponed(jobs, id);

    if (!p) {
        p = &jobs->postponed[jobs->next_postponed++ % POSTPONED_MAX];
    }
    p->id = id;
    p->until = apr_time_now() + delay;
}

static int is_postponed(kuji_jobs_t *jobs, int64_t id)
{
    const postponed_t *p = find_postponed(jobs, id);

    return p && apr_time_now() < p->until;
}

static void close_one(kuji_jobs_t *jobs, const PGresult *due, int row,
                      apr_pool_t *pool)
{
    kuji_act_t act = {.pg = jobs->config.pg,
                      .keys = jobs->config.keys,
                      .tenant = kuji_pg_text(due, row, 1),
                      .actor = "job"};
    const char *uuid = kuji_pg_text(due, row, 2), *why = NULL;
    int64_t id = kuji_pg_int(due, row, 0);
    kuji_event_t event;
    apr_status_t rv;

    if (is_postponed(jobs, id)) {
        return;
    }
    rv = kuji_event_close_due(&event, &why, &act, kuji_pg_text(due, row, 3),
                              &jobs->worker.stop, pool);
    if (rv == APR_SUCCESS) {
        count(&jobs->closed);
        tell(jobs, LOG_NOTED, rv,
             apr_psprintf(pool, "campaign %s closed", uuid));
    }
    else if (rv == KUJI_ESTATE) {
        postpone(jobs, id, RETRY_WAITING);
    }
    else if (rv != KUJI_EBUSY) {
        count(&jobs->failures);
        postpone(jobs, id, RETRY_REFUSED);
        tell(jobs, LOG_ERROR, rv,
             apr_psprintf(pool, "campaign %s is due but was not closed: %s",
                          uuid, why ? why : "see above"));
    }
}

static void close_due(kuji_jobs_t *jobs, kuji_conn_t *conn, apr_pool_t *pool)
{
    apr_pool_t *one;
    PGresult *due;
    int i;

    if (kuji_pg_query(&due, conn, KUJI_Q_JOB_DUE, NULL, pool)) {
        count(&jobs->failures);
        return;
    }
    for (i = 0; i < PQntuples(due) && !stopping(jobs); i++) {
        if (apr_pool_create(&one, pool) != APR_SUCCESS) {
            return;
        }
        close_one(jobs, due, i, one);
        apr_pool_destroy(one);
    }
}

static void sweep(kuji_jobs_t *jobs, apr_pool_t *pool)
{
    int failed;

    if (stopping(jobs) || apr_time_now() < jobs->next_sweep) {
        return;
    }
    failed = kuji_sweep(&jobs->config, &jobs->worker.stop, pool);
    __atomic_fetch_add(&jobs->failures, (uint64_t)failed, __ATOMIC_RELAXED);
    count(&jobs->sweeps);
    jobs->next_sweep = apr_time_now() + jobs->config.sweep;
}

static void run_round(kuji_jobs_t *jobs, apr_pool_t *pool)
{
    kuji_conn_t *conn;
    PGresult *lead;

    count(&jobs->rounds);
    if (kuji_pg_acquire(&conn, jobs->config.pg) != APR_SUCCESS) {
        count(&jobs->failures);
        return;
    }
    if (kuji_pg_query(&lead, conn, KUJI_Q_JOB_LEAD, NULL, pool)) {
        count(&jobs->failures);
    }
    else if (kuji_pg_bool(lead, 0, 0)) {
        count(&jobs->leads);
        close_due(jobs, conn, pool);
        sweep(jobs, pool);
        kuji_pg_query(NULL, conn, KUJI_Q_JOB_LEAVE, NULL, pool);
    }
    kuji_pg_release(conn);
}

/* Every process does its own, whoever is at work. What cannot be added now is
 * kept; run_round counts a database that is away. */
static void flush(void *baton, apr_pool_t *pool)
{
    kuji_jobs_t *jobs = baton;

    if (jobs->config.flags) {
        (void)kuji_flags_flush(jobs->config.flags, jobs->config.pg, pool);
    }
    if (jobs->config.traffic &&
        kuji_traffic_flush(jobs->config.traffic, jobs->config.pg, pool) ==
            APR_SUCCESS) {
        count(&jobs->flushes);
    }
}

static apr_interval_time_t do_round(void *baton, apr_pool_t *pool)
{
    kuji_jobs_t *jobs = baton;

    run_round(jobs, pool);
    if (++jobs->looks % FLUSH_EVERY == 0) {
        flush(jobs, pool);
    }
    return jobs->config.interval;
}

apr_status_t kuji_jobs_start(kuji_jobs_t **out,
                             const kuji_jobs_config_t *config, apr_pool_t *p)
{
    kuji_jobs_t *jobs = apr_pcalloc(p, sizeof(*jobs));
    apr_status_t rv;

    jobs->config = *config;
    if (jobs->config.interval <= 0) {
        jobs->config.interval = INTERVAL;
    }
    if (jobs->config.sweep <= 0) {
        jobs->config.sweep = SWEEP;
    }
    jobs->worker.round = do_round;
    jobs->worker.last = flush;
    jobs->worker.baton = jobs;
    rv = kuji_worker_start(&jobs->worker, p);
    *out = rv == APR_SUCCESS ? jobs : NULL;
    return rv;
}

void kuji_jobs_counters(kuji_jobs_counters_t *out, kuji_jobs_t *jobs)
{
    out->rounds = __atomic_load_n(&jobs->rounds, __ATOMIC_RELAXED);
    out->leads = __atomic_load_n(&jobs->leads, __ATOMIC_RELAXED);
    out->closed = __atomic_load_n(&jobs->closed, __ATOMIC_RELAXED);
    out->sweeps = __atomic_load_n(&jobs->sweeps, __ATOMIC_RELAXED);
    out->failures = __atomic_load_n(&jobs->failures, __ATOMIC_RELAXED);
    out->flushes = __atomic_load_n(&jobs->flushes, __ATOMIC_RELAXED);
}
