/* SPDX-License-Identifier: Apache-2.0 */
#include "web/gate.h"

#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>

struct kuji_gate_t {
    apr_thread_mutex_t *mutex;
    apr_thread_cond_t *left;
    int most, waiters, inside, waiting;
    apr_interval_time_t wait;
};

apr_status_t kuji_gate_create(kuji_gate_t **gate, int most, int waiters,
                              apr_interval_time_t wait, apr_pool_t *p)
{
    kuji_gate_t *g = apr_pcalloc(p, sizeof(*g));
    apr_status_t rv;

    g->most = most;
    g->waiters = waiters;
    g->wait = wait;
    *gate = g;
    rv = apr_thread_mutex_create(&g->mutex, APR_THREAD_MUTEX_DEFAULT, p);
    return rv ? rv : apr_thread_cond_create(&g->left, p);
}

apr_status_t kuji_gate_enter(kuji_gate_t *g)
{
    apr_time_t end = apr_time_now() + g->wait, now;
    apr_status_t rv = APR_SUCCESS;

    apr_thread_mutex_lock(g->mutex);
    if (g->inside >= g->most && g->waiting >= g->waiters) {
        rv = KUJI_EBUSY;
    }
    g->waiting++;
    while (!rv && g->inside >= g->most) {
        now = apr_time_now();
        if (now >= end) {
            rv = KUJI_EBUSY;
            break;
        }
        (void)apr_thread_cond_timedwait(g->left, g->mutex, end - now);
    }
    g->waiting--;
    if (!rv) {
        g->inside++;
    }
    apr_thread_mutex_unlock(g->mutex);
    return rv;
}

void kuji_gate_leave(kuji_gate_t *g)
{
    apr_thread_mutex_lock(g->mutex);
    g->inside--;
    apr_thread_cond_signal(g->left);
    apr_thread_mutex_unlock(g->mutex);
}
