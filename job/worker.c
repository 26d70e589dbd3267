/* SPDX-License-Identifier: Apache-2.0 */
#include "job/worker.h"

#include <signal.h>
#include <time.h>

int kuji_worker_stopping(const kuji_worker_t *worker)
{
    return __atomic_load_n(&worker->stop, __ATOMIC_ACQUIRE);
}

static void rest(kuji_worker_t *worker, apr_interval_time_t wait)
{
    apr_time_t when = apr_time_now() + wait;
    struct timespec until = {when / APR_USEC_PER_SEC,
                             when % APR_USEC_PER_SEC * 1000};
    int rc = 0;

    pthread_mutex_lock(&worker->lock);
    while (!kuji_worker_stopping(worker) && rc == 0) {
        rc = pthread_cond_timedwait(&worker->wake, &worker->lock, &until);
    }
    pthread_mutex_unlock(&worker->lock);
}

static void *run(void *baton)
{
    kuji_worker_t *worker = baton;
    apr_pool_t *pool;
    sigset_t all;

    /* Signals are for the process's own threads. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    /* Without a parent: pools of one parent are not for many threads. */
    if (apr_pool_create_unmanaged_ex(&pool, NULL, NULL) != APR_SUCCESS) {
        return NULL;
    }
    while (!kuji_worker_stopping(worker)) {
        apr_interval_time_t wait = worker->round(worker->baton, pool);

        apr_pool_clear(pool);
        rest(worker, wait);
    }
    if (worker->last) {
        worker->last(worker->baton, pool);
    }
    apr_pool_destroy(pool);
    return NULL;
}

static apr_status_t stop(void *baton)
{
    kuji_worker_t *worker = baton;

    pthread_mutex_lock(&worker->lock);
    __atomic_store_n(&worker->stop, 1, __ATOMIC_RELEASE);
    pthread_cond_signal(&worker->wake);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    pthread_cond_destroy(&worker->wake);
    pthread_mutex_destroy(&worker->lock);
    return APR_SUCCESS;
}

apr_status_t kuji_worker_start(kuji_worker_t *worker, apr_pool_t *p)
{
    int rc;

    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->wake, NULL);
    rc = pthread_create(&worker->thread, NULL, run, worker);
    if (rc != 0) {
        return APR_FROM_OS_ERROR(rc);
    }
    /* Before the pool of connections goes, which an ordinary cleanup is not. */
    apr_pool_pre_cleanup_register(p, worker, stop);
    return APR_SUCCESS;
}
