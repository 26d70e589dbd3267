/* The job's thread: tenant by tenant, a handful of payments that are due is
 * taken, and each looked at.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "job/payment.h"

#include <apr_strings.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#define INTERVAL apr_time_from_sec(1)
/** Payments that are taken at once. Each call ends within a minute or so; what
 * is taken and not done by then is taken by another process. */
#define TAKE 4
#define LEASE_MS KUJI_PAYMENT_LEASE_MS

/** Levels of kuji_pg_log_fn. */
enum { LOG_ERROR = 3, LOG_WARNING = 4 };

struct kuji_payments_t {
    kuji_payments_config_t config;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    int stop; /* atomic */
};

static int stopping(const kuji_payments_t *p)
{
    return __atomic_load_n(&p->stop, __ATOMIC_ACQUIRE);
}

/* Worth a line: what an owner has to see to. */
static void tell(const kuji_payments_t *p, const kuji_payment_row_t *row,
                 apr_status_t rv, const char *order_id, const char *why,
                 apr_pool_t *pool)
{
    if (!p->config.log || stopping(p)) {
        return;
    }
    if (rv != APR_SUCCESS && rv != KUJI_EBUSY) {
        p->config.log(p->config.log_baton, LOG_ERROR, rv,
                      apr_psprintf(pool, "payment %s was not looked at: %s",
                                   order_id, why ? why : "no answer kept"));
    }
    else if (rv == APR_SUCCESS && row->facts.mismatch &&
             row->facts.refunded < row->facts.captured) {
        p->config.log(
            p->config.log_baton, LOG_WARNING, APR_SUCCESS,
            apr_psprintf(pool,
                         "payment %s: another amount was taken than "
                         "was asked for%s",
                         order_id,
                         row->has_entry ? "" : "; it gives no right"));
    }
}

/* 0: there is no use in going on with this tenant. */
static int look_after(kuji_payments_t *p, const kuji_act_t *act,
                      apr_pool_t *pool)
{
    const kuji_payer_t payer = {p->config.http, act};
    const kuji_payment_row_t *row = NULL;
    const char *const *orders, *why = NULL;
    int n = 0, i;
    apr_status_t rv;

    if (kuji_payment_take(&orders, &n, act, TAKE, LEASE_MS, pool)) {
        return 0;
    }
    for (i = 0; i < n && !stopping(p); i++) {
        rv = kuji_payer_check(&row, &why, &payer, orders[i], pool);
        tell(p, row, rv, orders[i], why, pool);
    }
    return n == TAKE;
}

static void round_of(kuji_payments_t *p, apr_pool_t *pool)
{
    const char *const *tenants;
    apr_pool_t *one;
    int n = 0, i, turns;

    if (apr_pool_create(&one, pool) != APR_SUCCESS ||
        kuji_payment_tenants(&tenants, &n, p->config.pg, pool)) {
        return;
    }
    for (i = 0; i < n && !stopping(p); i++) {
        kuji_act_t act = {.pg = p->config.pg,
                          .keys = p->config.keys,
                          .tenant = tenants[i],
                          .actor = "job"};

        for (turns = 0; turns < 5 && look_after(p, &act, one); turns++) {
            apr_pool_clear(one);
        }
        apr_pool_clear(one);
    }
}

static void wait_for(kuji_payments_t *p, apr_interval_time_t wait)
{
    apr_time_t when = apr_time_now() + wait;
    struct timespec until = {when / APR_USEC_PER_SEC,
                             when % APR_USEC_PER_SEC * 1000};
    int rc = 0;

    pthread_mutex_lock(&p->lock);
    while (!stopping(p) && rc == 0) {
        rc = pthread_cond_timedwait(&p->wake, &p->lock, &until);
    }
    pthread_mutex_unlock(&p->lock);
}

static void *run(void *baton)
{
    kuji_payments_t *p = baton;
    apr_pool_t *pool;
    sigset_t all;

    /* Signals are for the process's own threads. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    /* Without a parent: pools of one parent are not for many threads. */
    if (apr_pool_create_unmanaged_ex(&pool, NULL, NULL) != APR_SUCCESS) {
        return NULL;
    }
    while (!stopping(p)) {
        round_of(p, pool);
        apr_pool_clear(pool);
        wait_for(p, p->config.interval);
    }
    apr_pool_destroy(pool);
    return NULL;
}

static apr_status_t stop(void *baton)
{
    kuji_payments_t *p = baton;

    pthread_mutex_lock(&p->lock);
    __atomic_store_n(&p->stop, 1, __ATOMIC_RELEASE);
    pthread_cond_signal(&p->wake);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    return APR_SUCCESS;
}

apr_status_t kuji_payments_start(kuji_payments_t **out,
                                 const kuji_payments_config_t *config,
                                 apr_pool_t *pool)
{
    kuji_payments_t *p = apr_pcalloc(pool, sizeof(*p));
    int rc;

    p->config = *config;
    if (p->config.interval <= 0) {
        p->config.interval = INTERVAL;
    }
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    rc = pthread_create(&p->thread, NULL, run, p);
    if (rc != 0) {
        return APR_FROM_OS_ERROR(rc);
    }
    /* Before the pool of connections goes, which an ordinary cleanup is not. */
    apr_pool_pre_cleanup_register(pool, p, stop);
    *out = p;
    return APR_SUCCESS;
}
